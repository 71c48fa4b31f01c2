/** One try at a check: everything that is made for it, and everything that is ended after it. */
import { CheckFailure } from '../core/failure.ts'
import { Patience } from '../core/patience.ts'
import { Steps } from '../core/step.ts'
import { Transcript } from '../core/transcript.ts'
import type { RunningProgram } from '../program/launch.ts'
import { slowness } from '../program/yardstick.ts'
import type { Experiments } from './experiments.ts'

/** What one try came to. */
export interface Attempt {
  /** `undefined` when the check passed; anything but a CheckFailure is our fault. */
  error: unknown
  transcript: Transcript
  durationMs: number
  program: RunningProgram | undefined
  experiments: Experiments
}

/** What a check works with. */
export interface Tools {
  transcript: Transcript
  patience: Patience
  steps: Steps
  /** Tells the tools which program the check is about, for its idle watch. */
  watch(program: RunningProgram): void
}

/** How many times longer the limits of a check are that is tried again. */
export const SECOND_TRY_STRETCH = 3

/** No check of an honest program comes near this; it ends a check that hangs through a fault of ours. */
const CHECK_LIMIT_MS = 10 * 60_000

/** Makes the tools of one try; `signal` ends it from outside. */
export function toolsFor(signal: AbortSignal, stretch: number): Tools {
  const transcript = new Transcript()
  let program: RunningProgram | undefined
  const patience = new Patience(transcript, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(CHECK_LIMIT_MS)]),
    stretch,
    slowness,
    canOnlyWait: () => program !== undefined && (program.hasEnded || program.isStuck()),
  })
  return { transcript, patience, steps: new Steps(), watch: (watched) => (program = watched) }
}

/** Runs the body of a check; a step that nobody awaited makes it broken. */
export async function errorOf(steps: Steps, body: () => Promise<void>): Promise<unknown> {
  try {
    await body()
  } catch (error) {
    return error
  }
  const [forgotten] = steps.forgotten()
  return forgotten === undefined ? undefined : new Error(`The check did not await ${forgotten}`)
}

/** True when nothing but a time limit stands behind the failure. */
export function ranOutOfTime({ error }: Attempt): boolean {
  return error instanceof CheckFailure && error.facts.outOfTime === true
}
