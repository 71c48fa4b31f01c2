/** UDP upper-case, the client: see the README of this exercise and Kurose & Ross 2.7.1. */
const host = process.argv[2]
const port = Number(process.argv[3])

// TODO 1: Read one line from the keyboard.
// TODO 2: Create a UDP socket and send the line to the server as one datagram.
// TODO 3: Receive the reply, print it, close the socket.

console.error(`Not finished yet (${host}, port ${port}). Begin with TODO 1 in client.ts.`)
process.exitCode = 1
