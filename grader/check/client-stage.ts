/** What a check of a client may say: the server that it plays, and the program that it starts. */
import type { Steps } from '../core/step.ts'
import type { Words } from '../core/words.ts'
import type { Student } from './student.ts'

export interface ClientProgram<Server> {
  /** Begins to listen at the address that the program is given, and wherever else it may insist to go. */
  listen(): Promise<Server>
  /** Starts the program with the address and these further arguments. */
  start(extra: readonly string[]): Promise<Student>
  /** Keeps what the program prints in a conversation that goes well, before the reply. */
  learnPrompts(prompts: string): void
}

export class ClientStage<Server> {
  readonly words: Words
  readonly #client: ClientProgram<Server>
  readonly #steps: Steps

  constructor(client: ClientProgram<Server>, words: Words, steps: Steps) {
    this.words = words
    this.#client = client
    this.#steps = steps
  }

  /** A server listens, and the program is started. */
  readonly meets = (...extra: string[]): Promise<{ server: Server; program: Student }> => {
    return this.#steps.take('meets', async () => {
      const server = await this.#client.listen()
      return { server, program: await this.#client.start(extra) }
    })
  }

  /** The program is started for an address where nobody listens. */
  readonly meetsNobody = (...extra: string[]): Promise<Student> => {
    return this.#steps.take('meetsNobody', () => this.#client.start(extra))
  }

  /**
   * The conversation has gone well so far: what the program printed before the reply are its prompts, and what
   * it prints beyond them elsewhere is a message.
   */
  learnsPrompts(program: Student, reply: string): void {
    const { text } = program.running.stdout
    const end = text.indexOf(reply)
    this.#client.learnPrompts(end < 0 ? text : text.slice(0, end))
  }
}
