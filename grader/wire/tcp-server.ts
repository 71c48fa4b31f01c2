/** Our end of the wire when a client is under test: a TCP server on one or several addresses. */
import { createServer, type Server, type Socket } from 'node:net'
import { CheckFailure, type FailureFacts } from '../core/failure.ts'
import type { Address } from '../core/net.ts'
import { LIMITS, type Patience } from '../core/patience.ts'
import type { Steps } from '../core/step.ts'
import { TcpPeer } from './tcp-peer.ts'

/** The program that is to come, for the message when it does not. */
export interface Absentee {
  hasEnded: () => boolean
  absence: () => FailureFacts
  /** False when what came to a port from this other port is certainly somebody else's. */
  isSender: (port: number, senderPort: number) => boolean
}

export class TcpServer {
  /** Every connection that came, in order. */
  readonly connections: TcpPeer[] = []
  /** The ports that clients used. */
  readonly portsUsed = new Set<number>()
  readonly #servers: Server[] = []
  #taken = 0
  readonly #patience: Patience
  readonly #steps: Steps
  readonly #client: Absentee

  constructor(patience: Patience, steps: Steps, client: Absentee) {
    this.#patience = patience
    this.#steps = steps
    this.#client = client
  }

  /** Listens on one more address; throws when it is taken. */
  async listen({ address, port }: Address): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket, port))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: address, port, exclusive: true }, resolve)
    })
    this.#servers.push(server)
  }

  #accept(socket: Socket, port: number): void {
    // A program may connect its socket to itself by chance of the port (a simultaneous open).
    if (socket.remotePort === port) return void socket.destroy()
    if (!this.#client.isSender(port, socket.remotePort ?? 0)) return void socket.destroy()
    const name = `connection ${this.connections.length + 1}`
    const peer = new TcpPeer(name, socket, this.#patience, this.#steps)
    this.portsUsed.add(port)
    this.connections.push(peer)
    this.#patience.transcript.record('program', `connects to port ${port}`, { peer: name })
  }

  /** The next connection that nobody has taken yet. */
  accepts({ limitMs = LIMITS.start } = {}): Promise<TcpPeer> {
    return this.#steps.take('server.accepts', () =>
      this.#patience.until(
        () => {
          const next = this.connections[this.#taken]
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

  /** The program has connected exactly once. */
  hasOneConnection(): void {
    if (this.connections.length <= 1) return
    throw new CheckFailure({
      reason: 'unexpected',
      summary: `The program connected ${this.connections.length} times; once is enough.`,
    })
  }

  /** Ends everything. */
  dispose(): void {
    for (const server of this.#servers) server.close()
    for (const peer of this.connections) peer.dispose({ reset: true })
  }
}
