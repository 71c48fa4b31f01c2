/** UDP upper-case, the server: answers every datagram with the same text in upper case. Kurose & Ross 2.7.1. */
import { createSocket } from 'node:dgram'

const port = Number(process.argv[2])

const socket = createSocket('udp4')

socket.on('message', (datagram, sender) => {
  const answer = datagram.toString('utf8').toUpperCase()
  // The answer goes where the question came from, through the socket that received it.
  socket.send(answer, sender.port, sender.address, reportError)
})

socket.on('error', reportError)

socket.bind(port, () => console.log(`The server is ready to receive on port ${port}`))

/** One datagram that cannot be sent is no reason to stop serving. */
function reportError(error: Error | null): void {
  if (error) console.error(error.message)
}
