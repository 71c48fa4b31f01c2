/** Live progress: one line that is written over on a terminal, nothing elsewhere. */
import { checksOf, rolesOf, type Exercise } from '../check/exercise.ts'
import type { Role } from '../core/report.ts'

export class Progress {
  readonly #total: number
  readonly #warn: (text: string) => void
  readonly #isShown: boolean
  #done = 0

  constructor(
    exercises: readonly Exercise[],
    roles: readonly Role[] | undefined,
    checks: ReadonlySet<string> | undefined,
    screen: { warn: (text: string) => void; isTerminal: boolean },
  ) {
    this.#total = exercises
      .flatMap((exercise) =>
        rolesOf(exercise)
          .filter((role) => roles?.includes(role) ?? true)
          .flatMap((role) => checksOf(exercise, role)),
      )
      .filter(({ id }) => checks?.has(id) ?? true).length
    this.#warn = screen.warn
    this.#isShown = screen.isTerminal && process.stderr.isTTY
  }

  /** One more check has its verdict. */
  step(): void {
    this.#done++
    if (this.#isShown) this.#warn(`\r\u001B[K${this.#done} of ${this.#total} checks`)
  }

  /** Removes the line. */
  end(): void {
    if (this.#isShown) this.#warn('\r\u001B[K')
  }
}
