"""UDP upper-case, the client: see the README of this exercise and Kurose & Ross 2.7.1."""
import sys

host = sys.argv[1]
port = int(sys.argv[2])

# TODO 1: Read one line from the keyboard.
# TODO 2: Create a UDP socket and send the line to the server as one datagram.
# TODO 3: Receive the reply, print it, close the socket.

sys.exit(f"Not finished yet ({host}, port {port}). Begin with TODO 1 in client.py.")
