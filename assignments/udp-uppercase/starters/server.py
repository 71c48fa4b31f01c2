"""UDP upper-case, the server: see the README of this exercise and Kurose & Ross 2.7.1."""
import sys

port = int(sys.argv[1])

# TODO 1: Create a UDP socket and bind it to the port.
# TODO 2: For ever: receive a datagram with the address that it came from,
# TODO 3: make upper case of its text, and send that back to the same address.

sys.exit(f"Not finished yet (port {port}). Begin with TODO 1 in server.py.")
