/** Our end of the wire when a client is under test: a UDP server on one or several addresses. */
import { createSocket, type Socket } from 'node:dgram'
import { bytesOf } from '../core/bytes.ts'
import { CheckFailure } from '../core/failure.ts'
import type { Address } from '../core/net.ts'
import { LIMITS, type Patience } from '../core/patience.ts'
import type { Steps } from '../core/step.ts'
import type { Absentee } from './tcp-server.ts'

/** A datagram that came, with the way back to its sender. */
export interface Datagram {
  bytes: Uint8Array
  /** Milliseconds on the transcript's clock. */
  atMs: number
  from: Address
  socket: Socket
}

/** An identical datagram that comes later than this after the one before is a repeat, in milliseconds. */
const REPEAT_AFTER_MS = 20
/** The heartbeat by which the server knows that it was not asleep while datagrams piled up. */
const BEAT_MS = 5

export class UdpServer {
  readonly datagrams: Datagram[] = []
  readonly portsUsed = new Set<number>()
  readonly #sockets: Socket[] = []
  readonly #patience: Patience
  readonly #steps: Steps
  readonly #client: Absentee
  #taken = 0
  #lastBeat = performance.now()
  readonly #heart: NodeJS.Timeout
  /** A datagram that followed an identical one without a pause. */
  #doubled = false

  constructor(patience: Patience, steps: Steps, client: Absentee) {
    this.#patience = patience
    this.#steps = steps
    this.#client = client
    this.#heart = setInterval(() => {
      this.#lastBeat = performance.now()
    }, BEAT_MS).unref()
  }

  /** Listens on one more address; throws when it is taken. */
  async listen({ address, port }: Address): Promise<void> {
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', reuseAddr: false })
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ port, address, exclusive: true }, resolve)
    })
    socket.removeAllListeners('error')
    socket.on('error', () => undefined)
    socket.on('message', (bytes, from) =>
      this.#take({ bytes, from, socket, atMs: this.#patience.transcript.now() }, port),
    )
    this.#sockets.push(socket)
  }

  #take(datagram: Datagram, port: number): void {
    if (!this.#client.isSender(port, datagram.from.port)) return
    const before = this.datagrams.at(-1)
    const awake = performance.now() - this.#lastBeat < BEAT_MS + REPEAT_AFTER_MS
    if (before && awake && datagram.atMs - before.atMs < REPEAT_AFTER_MS && same(before, datagram)) this.#doubled = true
    this.portsUsed.add(port)
    this.datagrams.push(datagram)
    this.#patience.transcript.record('program', `sends a datagram to port ${port}`, {
      peer: 'server',
      bytes: datagram.bytes,
    })
  }

  /** The next datagram that nobody has taken yet. */
  receives({ limitMs = LIMITS.start } = {}): Promise<Datagram> {
    return this.#steps.take('server.receives', () =>
      this.#patience.until(
        () => {
          const next = this.datagrams[this.#taken]
          if (next === undefined && this.#client.hasEnded()) throw new CheckFailure(this.#client.absence())
          if (next === undefined) return undefined
          this.#taken++
          return next
        },
        limitMs,
        () => this.#client.absence(),
      ),
    )
  }

  /** The datagram holds exactly these bytes, perhaps with one line end after them. */
  holds(datagram: Datagram, expected: string, { lineEnd = false } = {}): void {
    const received = Buffer.from(datagram.bytes).toString('latin1')
    const wanted = Buffer.from(expected).toString('latin1')
    if ([wanted, ...(lineEnd ? [`${wanted}\n`, `${wanted}\r\n`] : [])].includes(received)) return
    throw new CheckFailure({
      reason: 'wrong',
      summary: 'The datagram does not hold exactly what was typed.',
      expected,
      received: datagram.bytes,
      peer: 'server',
    })
  }

  /** Answers a datagram from the port that it was sent to. */
  replies(to: Datagram, data: string | Uint8Array): Promise<void> {
    return this.#steps.take('server.replies', () => {
      const bytes = bytesOf(data)
      this.#patience.transcript.record('grader', 'sends a datagram', { peer: 'server', bytes })
      return new Promise((resolve, reject) => {
        to.socket.send(bytes, to.from.port, to.from.address, (error) => (error === null ? resolve() : reject(error)))
      })
    })
  }

  /** Answers everything that has come and will come in the same way: for what a program may repeat. */
  keepsReplying(data: string | Uint8Array): void {
    const bytes = bytesOf(data)
    for (const socket of this.#sockets)
      socket.on('message', (_, from) => socket.send(bytes, from.port, from.address, () => undefined))
  }

  /** All datagrams were one message: an identical one after a pause is a repeat, everything else a second message. */
  hasOneMessage(): void {
    const [first] = this.datagrams
    const other = this.datagrams.find((datagram) => first !== undefined && !same(first, datagram))
    if (other === undefined && !this.#doubled) return
    throw new CheckFailure({
      reason: 'unexpected',
      summary: `The program sent ${this.datagrams.length} datagrams; one was to be sent.`,
      ...(first && other && { expected: first.bytes, received: other.bytes }),
      peer: 'server',
    })
  }

  dispose(): void {
    clearInterval(this.#heart)
    for (const socket of this.#sockets) socket.close()
  }
}

function same(one: Datagram, other: Datagram): boolean {
  return Buffer.compare(one.bytes, other.bytes) === 0 && one.from.port === other.from.port
}
