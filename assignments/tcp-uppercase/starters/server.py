"""TCP upper-case, the server: see the README of this exercise and Kurose & Ross 2.7.2."""
import sys

port = int(sys.argv[1])

# TODO 1: Create a TCP socket, bind it to the port and listen: the welcoming socket.
# TODO 2: For ever: accept a connection, read a sentence from it,
# TODO 3: send the sentence back in upper case, and close that connection.

sys.exit(f"Not finished yet (port {port}). Begin with TODO 1 in server.py.")
