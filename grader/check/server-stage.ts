/** What a check of a server may say: the clients that it plays, and the program that it meets. */
import type { Address } from '../core/net.ts'
import type { Patience } from '../core/patience.ts'
import type { Steps } from '../core/step.ts'
import type { Words } from '../core/words.ts'
import { connectTo } from '../wire/tcp-client.ts'
import type { TcpPeer } from '../wire/tcp-peer.ts'
import { UdpClient } from '../wire/udp-client.ts'
import type { Student } from './student.ts'

export interface ServerProgram {
  /** Where it listens now. */
  listening: Address
  student: Student
  /** Ends the program and starts it again on the same port, as a person would; it has to listen there again. */
  restart(): Promise<void>
}

export class ServerStage {
  readonly words: Words
  readonly peers: TcpPeer[] = []
  readonly #udpClients: UdpClient[] = []
  readonly #server: ServerProgram
  readonly #patience: Patience
  readonly #steps: Steps

  constructor(server: ServerProgram, words: Words, patience: Patience, steps: Steps) {
    this.words = words
    this.#server = server
    this.#patience = patience
    this.#steps = steps
  }

  get program(): Student {
    return this.#server.student
  }

  /** A new TCP client is connected to the server. */
  readonly connects = (): Promise<TcpPeer> => {
    return this.#steps.take('connects', async () => {
      const name = `client ${this.peers.length + 1}`
      const peer = await connectTo(this.#server.listening, name, this.#patience, this.#steps)
      this.peers.push(peer)
      return peer
    })
  }

  /** A new UDP client with a port of its own. */
  readonly opens = (): Promise<UdpClient> => {
    return this.#steps.take('opens', async () => {
      const name = `client ${this.#udpClients.length + 1}`
      const client = await UdpClient.open(this.#server.listening, name, this.#patience, this.#steps)
      this.#udpClients.push(client)
      return client
    })
  }

  /**
   * A client connects and resets before the server has a chance to accept it: the program is stopped for
   * that moment, so that the race has one outcome.
   */
  readonly connectsAndResets = (): Promise<void> => {
    return this.#steps.take('connectsAndResets', async () => {
      const { running } = this.#server.student
      running.signal('SIGSTOP')
      this.#patience.transcript.record('grader', 'stops the program for a moment')
      try {
        const name = `client ${this.peers.length + 1}`
        const peer = await connectTo(this.#server.listening, name, this.#patience, this.#steps)
        this.peers.push(peer)
        peer.resets()
      } finally {
        running.signal('SIGCONT')
        this.#patience.transcript.record('grader', 'lets the program go on')
      }
    })
  }

  /** The program is ended and started again on the same port at once. */
  readonly restarts = (): Promise<void> => {
    return this.#steps.take('restarts', () => this.#server.restart())
  }

  /** Ends what the check has left open. */
  dispose({ reset }: { reset: boolean }): void {
    for (const peer of this.peers) peer.dispose({ reset })
    for (const client of this.#udpClients) client.dispose()
  }
}
