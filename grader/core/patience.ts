/**
 * Waiting with a reason, a limit and an end.
 *
 * The limit is counted in short slices, and a slice that took far longer than it should counts as one:
 * while the grader itself gets no processor (a busy machine, a laptop asleep), a program's time stands
 * still. When the limit is reached, the machine's speed is measured there and then, and the limit is
 * extended by as much as the machine is slow.
 */
import { CheckFailure, type FailureFacts } from './failure.ts'
import type { Transcript } from './transcript.ts'

/** How long a program may take on an idle machine of ordinary speed, in milliseconds. */
export const LIMITS = {
  /** From the start of a server to its listening, and of a client to its first sign of life. */
  start: 5_000,
  /** For an answer, a close or a line on the screen. */
  answer: 2_500,
  /** For a client that has to give up by itself: the contract's 15 s after the last byte. */
  giveUp: 15_000,
}

const SLICE_MS = 50

export interface PatienceOptions {
  /** Ends every wait with its reason. */
  signal: AbortSignal
  /** Multiplies every limit; a repeated check gets more time. */
  stretch: number
  /** How many times slower than an ordinary idle machine this one is now; at least 1. */
  slowness: () => Promise<number>
  /** True when nothing more will come from the program by itself: it has ended, or waits for us without limit. */
  canOnlyWait: () => boolean
}

export class Patience {
  readonly transcript: Transcript
  readonly #options: PatienceOptions
  /** Timed steps of ours under way: while there are any, the program may rightly wait for us. */
  #ownSteps = 0

  constructor(transcript: Transcript, options: PatienceOptions) {
    this.transcript = transcript
    this.#options = options
  }

  /** The signal that ends the check. */
  get signal(): AbortSignal {
    return this.#options.signal
  }

  /**
   * Waits until `ready` gives something other than undefined; it is asked after every entry of the transcript.
   * What `ready` throws ends the wait at once.
   *
   * @param limitMs time on an idle machine
   * @param late what to say when the time is up
   */
  until<T>(ready: () => T | undefined, limitMs: number, late: () => FailureFacts): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { signal, stretch, slowness, canOnlyWait } = this.#options
      let remaining = limitMs * stretch
      let extended = false
      let lastTick = performance.now()
      let timer: NodeJS.Timeout | undefined
      let done = false

      const finish = (settle: () => void): void => {
        if (done) return
        done = true
        clearTimeout(timer)
        stopListening()
        signal.removeEventListener('abort', abort)
        settle()
      }
      const look = (): void => {
        if (done) return
        try {
          const value = ready()
          if (value !== undefined) finish(() => resolve(value))
        } catch (error) {
          finish(() => reject(error))
        }
      }
      const giveUp = (outOfTime: boolean): void => {
        look()
        finish(() => {
          try {
            reject(new CheckFailure({ ...late(), outOfTime }))
          } catch (error) {
            reject(error)
          }
        })
      }
      const tick = async (): Promise<void> => {
        const now = performance.now()
        remaining -= Math.min(now - lastTick, SLICE_MS * 1.5)
        lastTick = now
        if (remaining <= 0 && !extended) {
          extended = true
          remaining += limitMs * stretch * ((await slowness()) - 1)
          lastTick = performance.now()
        }
        if (done) return
        if (this.#ownSteps === 0 && canOnlyWait()) return giveUp(false)
        if (remaining <= 0) return giveUp(true)
        timer = setTimeout(() => void tick(), SLICE_MS)
      }
      const abort = (): void => finish(() => reject(signal.reason))

      const stopListening = this.transcript.onChange(look)
      signal.addEventListener('abort', abort, { once: true })
      if (signal.aborted) abort()
      look()
      if (!done) timer = setTimeout(() => void tick(), SLICE_MS)
    })
  }

  /** Waits as `until` does, for a condition. */
  async when(condition: () => boolean | undefined, limitMs: number, late: () => FailureFacts): Promise<void> {
    await this.until(() => condition() || undefined, limitMs, late)
  }

  /** A pause that the check asks for, in real milliseconds. */
  pause(durationMs: number): Promise<void> {
    return this.ownStep(
      new Promise((resolve, reject) => {
        const { signal } = this.#options
        const abort = (): void => {
          clearTimeout(timer)
          reject(signal.reason)
        }
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', abort)
          resolve()
        }, durationMs)
        signal.addEventListener('abort', abort, { once: true })
        if (signal.aborted) abort()
      }),
    )
  }

  /** Marks that a step of ours is under way, after which the program may have something to do. */
  async ownStep<T>(step: Promise<T>): Promise<T> {
    this.#ownSteps++
    try {
      return await step
    } finally {
      this.#ownSteps--
    }
  }
}
