/** The student's program as a check speaks of it: what is typed, what is on its screen, how it ends. */
import { CheckFailure, type FailureFacts } from '../core/failure.ts'
import { LIMITS, type Patience } from '../core/patience.ts'
import type { Steps } from '../core/step.ts'
import { describeExit, type RunningProgram } from '../program/launch.ts'

export class Student {
  readonly running: RunningProgram
  readonly #patience: Patience
  readonly #steps: Steps
  /** What the program prints before anything has gone wrong; beyond that begins a message. */
  readonly #prompts: () => string

  constructor(running: RunningProgram, patience: Patience, steps: Steps, prompts: () => string) {
    this.running = running
    this.#patience = patience
    this.#steps = steps
    this.#prompts = prompts
  }

  /** Types one line on the keyboard, with its newline. */
  types(line: string): void {
    this.running.write(`${line}\n`)
  }

  /** Ends the keyboard input. */
  endsInput(): void {
    this.running.endInput()
  }

  /** The text appears on the screen (standard output), whatever is around it. */
  prints(text: string, { limitMs = LIMITS.answer } = {}): Promise<void> {
    const { stdout } = this.running
    const missing = (): FailureFacts => ({
      reason: 'not-printed',
      summary:
        stdout.length === 0
          ? 'Nothing was printed; the reply was to be on the screen.'
          : 'The reply was not on the screen.',
      expected: text,
      received: nearestText(stdout.text, text),
    })
    return this.#steps.take('program.prints', () =>
      this.#patience.when(
        () => {
          if (stdout.text.includes(text)) return true
          if (this.running.hasEnded) throw new CheckFailure(missing())
          return undefined
        },
        limitMs,
        missing,
      ),
    )
  }

  /** The program ends by itself, with this exit code. */
  exits(code: number, { limitMs = LIMITS.answer } = {}): Promise<void> {
    return this.#steps.take('program.exits', async () => {
      const exit = await this.#end(limitMs)
      if (exit.code === code) return
      throw new CheckFailure({
        reason: 'wrong-exit',
        summary: `The program ${describeExit(exit).replace('exits', 'exited').replace('is ended', 'was ended')}; ${code} was expected.`,
      })
    })
  }

  /** The program notices that something is wrong: it ends by itself with a message and an exit code other than 0. */
  complains({ limitMs = LIMITS.giveUp } = {}): Promise<void> {
    return this.#steps.take('program.complains', () => this.#complains(limitMs))
  }

  async #complains(limitMs: number): Promise<void> {
    const exit = await this.#end(limitMs)
    if (exit.code === 0) {
      throw new CheckFailure({
        reason: 'wrong-exit',
        summary: 'The program ended with exit code 0, as if all had gone well.',
      })
    }
    if (this.#hasMessage()) return
    throw new CheckFailure({
      reason: 'no-message',
      summary: `The program gave up (${describeExit(exit)}) without a word about what went wrong.`,
      received: this.running.stdout.text,
    })
  }

  /**
   * The program asks again, or gives up with a message and an exit code other than 0.
   * @param repeated the second question, as soon as it is there
   * @returns the second question, or undefined when the program has given up
   */
  repeatsOrComplains<T>(repeated: () => T | undefined): Promise<T | undefined> {
    return this.#steps.take('program.repeatsOrComplains', async () => {
      await this.#patience.until(
        () => repeated() !== undefined || this.running.hasEnded || undefined,
        LIMITS.giveUp,
        () => ({ reason: 'still-running', summary: 'The program neither asked again nor gave up.' }),
      )
      if (repeated() === undefined) await this.#complains(LIMITS.giveUp)
      return repeated()
    })
  }

  /** The program ends by itself, in whatever way, or has shown the text on its screen. */
  settles(text: string): Promise<void> {
    return this.#steps.take('program.settles', async () => {
      await this.#patience.until(
        () => this.running.hasEnded || this.running.stdout.text.includes(text) || undefined,
        LIMITS.answer,
        () => ({ reason: 'still-running', summary: 'The program neither printed the reply nor ended.' }),
      )
      // What it did on the wire before that is in this turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve))
    })
  }

  async #end(limitMs: number) {
    await this.#patience.until(
      () => this.running.hasEnded || undefined,
      limitMs,
      () => ({ reason: 'still-running', summary: 'The program was still running; it was to end by itself.' }),
    )
    return this.running.exit ?? { code: undefined, signal: undefined }
  }

  /** Any text on standard error, or on standard output beyond the prompts. */
  #hasMessage(): boolean {
    if (this.running.stderr.text.trim() !== '') return true
    const printed = this.running.stdout.text.trim()
    return !this.#prompts().trim().startsWith(printed)
  }
}

/** Fewer characters in common are chance. */
const LEAST_COMMON = 4

/** The place in a text that agrees longest with another text from its beginning; all of the text when none does. */
function nearestText(text: string, wanted: string): string {
  let [common, tooMuch] = [0, wanted.length + 1]
  while (tooMuch - common > 1) {
    const middle = Math.floor((common + tooMuch) / 2)
    if (text.includes(wanted.slice(0, middle))) common = middle
    else tooMuch = middle
  }
  if (common < LEAST_COMMON) return text
  const start = text.indexOf(wanted.slice(0, common))
  return text.slice(start, start + wanted.length + LEAST_COMMON).trimEnd()
}
