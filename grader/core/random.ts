/** Randomness that can be repeated: every check draws from its own stream, made from the run's seed and its name. */
import { createHash } from 'node:crypto'

export class Random {
  /** State of the generator sfc32 (Chris Doty-Humphrey's small fast counter, 32 bits). */
  readonly #state: Uint32Array

  /** @param names what the stream belongs to, such as seed, exercise, role and check */
  constructor(...names: (string | number)[]) {
    const digest = createHash('sha256').update(JSON.stringify(names)).digest()
    this.#state = new Uint32Array([0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset)))
  }

  /** A whole number from 0 to 2^32 - 1. */
  #next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state
    const sum = (a + b + counter) >>> 0
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + sum, counter + 1])
    return sum
  }

  /** A whole number, both ends included. */
  integer(from: number, to: number): number {
    return from + (this.#next() % (to - from + 1))
  }

  /** One of the choices. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)] as T
  }

  /** So many bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() & 0xff)
  }
}

/** A seed for a run that was not given one. */
export function newSeed(): number {
  return Math.floor(Math.random() * 1_000_000)
}
