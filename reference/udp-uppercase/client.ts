/** UDP upper-case, the client: sends one typed line as one datagram and prints the reply. Kurose & Ross 2.7.1. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'

const [host = 'localhost', port = '12000'] = process.argv.slice(2)

/** UDP loses datagrams without a word: a question without an answer is asked again. */
const TRIES = 3
const PATIENCE_MS = 1_000

try {
  const sentence = await readLine('Input lowercase sentence: ')
  const socket = await connectedSocket(host, Number(port))
  try {
    console.log(await ask(socket, sentence))
  } finally {
    socket.close()
  }
} catch (error) {
  console.error(`No reply from ${host}:${port}: ${(error as Error).message}`)
  process.exitCode = 1
}

/** One line from the keyboard, without its line end. */
async function readLine(prompt: string): Promise<string> {
  const keyboard = createInterface({ input: process.stdin, output: process.stdout })
  const line = await keyboard.question(prompt)
  keyboard.close()
  return line
}

/** A connected socket hears of nobody else, and hears when nobody listens (ICMP port unreachable, RFC 1122, 4.1.3.3). */
async function connectedSocket(address: string, number: number): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.connect(number, address)
  await once(socket, 'connect')
  return socket
}

/** Sends the question until an answer comes. */
async function ask(socket: Socket, question: string): Promise<string> {
  const answer = once(socket, 'message')
  socket.send(question)
  for (let sent = 1; sent <= TRIES; sent++) {
    const reply = await Promise.race([answer, pause(PATIENCE_MS)])
    if (reply) return String(reply[0])
    if (sent < TRIES) socket.send(question)
  }
  throw new Error(`asked ${TRIES} times without an answer`)
}

/** Resolves after so many milliseconds; it does not keep the program alive by itself. */
function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs).unref())
}
