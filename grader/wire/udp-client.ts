/** Our end of the wire when a server is under test: UDP clients. */
import { createSocket, type Socket } from 'node:dgram'
import { bytesOf, quote } from '../core/bytes.ts'
import { CheckFailure, type FailureFacts } from '../core/failure.ts'
import type { Address } from '../core/net.ts'
import { LIMITS, type Patience } from '../core/patience.ts'
import type { Steps } from '../core/step.ts'

interface Reply {
  bytes: Uint8Array
  from: Address
}

export class UdpClient {
  readonly name: string
  readonly #socket: Socket
  readonly #target: Address
  readonly #patience: Patience
  readonly #steps: Steps
  #replies: Reply[] = []

  private constructor(name: string, socket: Socket, target: Address, patience: Patience, steps: Steps) {
    this.name = name
    this.#socket = socket
    this.#target = target
    this.#patience = patience
    this.#steps = steps
    socket.on('message', (bytes, { address, port }) => {
      this.#replies.push({ bytes, from: { address, port } })
      const sender = port === target.port ? '' : ` from port ${port}`
      patience.transcript.record('program', `sends a datagram${sender}`, { peer: name, bytes })
    })
    socket.on('error', () => undefined)
  }

  /** A client with a port of its own that talks to the target. */
  static async open(target: Address, name: string, patience: Patience, steps: Steps): Promise<UdpClient> {
    const socket = createSocket(target.address.includes(':') ? 'udp6' : 'udp4')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ port: 0, address: target.address.includes(':') ? '::1' : '127.0.0.1' }, resolve)
    })
    return new UdpClient(name, socket, target, patience, steps)
  }

  /** Sends one datagram. */
  sends(data: string | Uint8Array): Promise<void> {
    return this.#steps.take(`${this.name}.sends`, () => {
      const bytes = bytesOf(data)
      const { port, address } = this.#target
      this.#patience.transcript.record('grader', 'sends a datagram', { peer: this.name, bytes })
      return new Promise((resolve, reject) => {
        this.#socket.send(bytes, port, address, (error) => (error === null ? resolve() : reject(error)))
      })
    })
  }

  /** The next datagram that comes holds exactly these bytes and comes from the port that was asked. */
  receives(expected: string | Uint8Array, { limitMs = LIMITS.answer } = {}): Promise<void> {
    return this.#steps.take(`${this.name}.receives`, () =>
      this.#patience.when(
        () => {
          const reply = this.#replies.shift()
          if (reply === undefined) return undefined
          this.#judge(reply, bytesOf(expected))
          return true
        },
        limitMs,
        () => this.#silence(),
      ),
    )
  }

  /** Among the datagrams that come is one with these bytes; others before it do not matter. */
  eventuallyReceives(expected: string, { limitMs = LIMITS.answer } = {}): Promise<void> {
    const wanted = Buffer.from(expected)
    let last: Reply | undefined
    return this.#steps.take(`${this.name}.eventuallyReceives`, () =>
      this.#patience.when(
        () => {
          for (let reply = this.#replies.shift(); reply !== undefined; reply = this.#replies.shift()) {
            if (wanted.equals(reply.bytes) && reply.from.port === this.#target.port) return true
            last = reply
          }
          return undefined
        },
        limitMs,
        () =>
          last === undefined
            ? this.#silence()
            : {
                reason: 'wrong',
                summary: `The answer to ${quote(expected, 60)} did not come; the last datagram was ${quote(last.bytes, 60)}.`,
                expected: wanted,
                received: last.bytes,
                peer: this.name,
              },
      ),
    )
  }

  #judge(reply: Reply, expected: Uint8Array): void {
    if (reply.from.port !== this.#target.port) {
      throw new CheckFailure({
        reason: 'wrong-sender',
        summary: `The answer came from port ${reply.from.port}; the question went to port ${this.#target.port}.`,
        peer: this.name,
      })
    }
    if (Buffer.compare(reply.bytes, expected) === 0) return
    throw new CheckFailure({
      reason: 'wrong',
      summary: `${capital(this.name)} got a wrong answer.`,
      expected,
      received: reply.bytes,
      peer: this.name,
    })
  }

  #silence(): FailureFacts {
    return { reason: 'silent', summary: `${capital(this.name)} sent a datagram, but no answer came.`, peer: this.name }
  }

  dispose(): void {
    this.#socket.close()
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
