/** TCP upper-case, the server: one sentence, one answer in upper case, one close. Kurose & Ross 2.7.2. */
import { createServer, type Socket } from 'node:net'

const port = Number(process.argv[2])

const server = createServer(serve)

server.listen(port, () => console.log(`The server is ready to receive on port ${port}`))

/** Serves one connection; the welcoming socket goes on accepting others. */
function serve(connection: Socket): void {
  // A client that breaks off ends its own connection, not the server.
  connection.on('error', (error) => console.error(error.message))
  // What one read brings is the sentence: its sender keeps the connection open, so there is no end to wait for.
  connection.once('data', (bytes) => {
    // Closing says that the answer is complete.
    connection.end(bytes.toString('utf8').toUpperCase())
  })
}
