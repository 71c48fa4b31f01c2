/** What the programs of a run share: processors, ports, and now and then the whole machine. */
import { availableParallelism } from 'node:os'
import pLimit, { type LimitFunction } from 'p-limit'
import type { Transport } from '../core/net.ts'
import { Scratch } from '../program/scratch.ts'

/** Checks that run at the same time, for each processor: most of them only wait. */
const CHECKS_PER_CORE = 4

export class Machine implements AsyncDisposable {
  readonly scratch = new Scratch()
  /** Starting a program costs processor time: only so many start at the same time. */
  readonly launching: LimitFunction = pLimit(availableParallelism())
  readonly #checks: LimitFunction = pLimit(availableParallelism() * CHECKS_PER_CORE)
  readonly #ports = new Map<string, LimitFunction>()
  #running = 0
  #aloneQueue: (() => void)[] = []
  #sharedQueue: (() => void)[] = []
  #alone = false

  /** Runs beside others. */
  shared<T>(action: () => Promise<T>): Promise<T> {
    return this.#checks(async () => {
      while (this.#alone || this.#aloneQueue.length > 0)
        await new Promise<void>((resolve) => this.#sharedQueue.push(resolve))
      this.#running++
      try {
        return await action()
      } finally {
        this.#running--
        this.#next()
      }
    })
  }

  /** Runs while nothing else runs. */
  async alone<T>(action: () => Promise<T>): Promise<T> {
    if (this.#alone || this.#running > 0) await new Promise<void>((resolve) => this.#aloneQueue.push(resolve))
    this.#alone = true
    try {
      return await action()
    } finally {
      this.#alone = false
      this.#next()
    }
  }

  #next(): void {
    if (this.#alone || this.#running > 0) return
    const first = this.#aloneQueue.shift()
    if (first !== undefined) {
      this.#alone = true
      return first()
    }
    for (const resume of this.#sharedQueue.splice(0)) resume()
  }

  /** Runs while nobody else of this run uses these ports. */
  withPorts<T>(transport: Transport, ports: readonly number[], action: () => Promise<T>): Promise<T> {
    // In ascending order, so that two programs never wait for each other.
    const names = ports.toSorted((one, other) => one - other).map((port) => `${transport}:${port}`)
    const locks = names.map((name) => {
      const lock = this.#ports.get(name) ?? pLimit(1)
      this.#ports.set(name, lock)
      return lock
    })
    return locks.reduceRight<() => Promise<T>>((inner, lock) => () => lock(inner), action)()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.scratch[Symbol.asyncDispose]()
  }
}
