/** TCP upper-case, the client: sends one typed line and prints the reply. Kurose & Ross 2.7.2. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline/promises'

const [host = 'localhost', port = '12000'] = process.argv.slice(2)

/** So long may the server say nothing. */
const PATIENCE_MS = 3_000

try {
  const connection = await connected(host, Number(port))
  const sentence = await readLine('Input lowercase sentence: ')
  connection.write(sentence)
  console.log(`From Server: ${await readToEnd(connection)}`)
} catch (error) {
  console.error(`No reply from ${host}:${port}: ${(error as Error).message}`)
  process.exitCode = 1
}

/** A connection to the server. */
async function connected(address: string, number: number): Promise<Socket> {
  const connection = connect(number, address)
  await once(connection, 'connect')
  return connection
}

/** One line from the keyboard, without its line end. */
async function readLine(prompt: string): Promise<string> {
  const keyboard = createInterface({ input: process.stdin, output: process.stdout })
  const line = await keyboard.question(prompt)
  keyboard.close()
  return line
}

/** TCP is a stream: the reply may come in any number of pieces, and ends where the server closes. */
async function readToEnd(connection: Socket): Promise<string> {
  connection.setTimeout(PATIENCE_MS, () => connection.destroy(new Error('the server does not answer')))
  const pieces: Buffer[] = []
  for await (const piece of connection) pieces.push(piece as Buffer)
  if (pieces.length === 0) throw new Error('the server closed the connection without an answer')
  return Buffer.concat(pieces).toString('utf8')
}
