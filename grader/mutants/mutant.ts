/** A faulty program, and the checks that must catch it. */
import type { Role } from '../core/report.ts'

interface MutantFacts {
  /** What the program does wrong. */
  fault: string
  role: Role
  /** Every check that it loses, apart from those that are skipped because they need one of these. */
  loses: readonly string[]
}

/** Either edits of the reference (each text, which occurs exactly once, becomes the other), or a program of its own. */
export type Mutant = MutantFacts &
  ({ edits: readonly (readonly [from: string, to: string])[] } | { file: string; source: string })
