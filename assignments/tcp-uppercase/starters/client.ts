/** TCP upper-case, the client: see the README of this exercise and Kurose & Ross 2.7.2. */
const host = process.argv[2]
const port = Number(process.argv[3])

// TODO 1: Create a TCP socket and connect it to the server.
// TODO 2: Read one line from the keyboard and send it.
// TODO 3: Read the reply until the server closes, print it, close the socket.

console.error(`Not finished yet (${host}, port ${port}). Begin with TODO 1 in client.ts.`)
process.exitCode = 1
