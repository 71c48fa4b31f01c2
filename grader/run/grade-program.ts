/** Grades one program: finds it, builds it, runs its checks. */
import { checksOf, rolesOf, type Check, type Exercise } from '../check/exercise.ts'
import { CheckFailure, MachineError } from '../core/failure.ts'
import { Random } from '../core/random.ts'
import type { CheckResult, FailureReport, ProgramResult, Role, Status } from '../core/report.ts'
import { scoreChecks } from '../core/score.ts'
import { Words } from '../core/words.ts'
import { explain, reportTranscript } from '../diagnosis/explain.ts'
import { build, BuildFailure, type Startable } from '../program/build.ts'
import { findProgram, type Found } from '../program/find.ts'
import { describeExit } from '../program/launch.ts'
import { ranOutOfTime, SECOND_TRY_STRETCH, type Attempt } from './attempt.ts'
import { ClientSession } from './client-session.ts'
import type { Machine } from './machine.ts'
import { ServerSession } from './server-session.ts'

export interface GradeOptions {
  seed: number
  /** Checks that count; all when undefined. What they need is run too. */
  only?: ReadonlySet<string> | undefined
  machine: Machine
  signal: AbortSignal
  /** Told of every verdict as soon as it is there. */
  onCheck?: (exercise: string, role: Role, check: CheckResult) => void
}

/** So many second tries may be in vain before a program gets no more of them. */
const VAIN_TRIES = 2

type AnyCheck = Check<never>
type TryCheck = (check: AnyCheck, words: () => Words, stretch: number) => Promise<Attempt>

/** Grades the program of one role in an exercise's folder. Never throws for anything that the student did. */
export async function gradeProgram(
  folder: string,
  exercise: Exercise,
  role: Role,
  options: GradeOptions,
): Promise<ProgramResult> {
  const chosen = checksOf(exercise, role).filter(({ id }) => options.only === undefined || options.only.has(id))
  const found = await findProgram(folder, role, rolesOf(exercise))
  if (found.status !== 'found') return withoutProgram(role, found, chosen)
  const file = 'file' in found ? { file: found.file } : {}
  let startable: Startable
  try {
    startable = await build(found)
  } catch (error) {
    const results = chosen.map((check) => notBuilt(check, error))
    for (const result of results) options.onCheck?.(exercise.id, role, result)
    const status = error instanceof BuildFailure ? 'build-failed' : 'graded'
    const message = (error as Error).message
    return { role, ...file, status, message, notes: [], ...scoreChecks(results), checks: results }
  }
  const grading = new Grading(exercise, role, startable, options)
  const { results, command, notes } = await grading.run()
  const checks = results.filter(({ id }) => chosen.some((check) => check.id === id))
  return {
    role,
    ...file,
    ...(command && { command: [...command] }),
    status: 'graded',
    notes,
    ...scoreChecks(checks),
    checks,
  }
}

function withoutProgram(
  role: Role,
  found: Exclude<Found, { status: 'found' }>,
  checks: readonly AnyCheck[],
): ProgramResult {
  const { maxPoints } = scoreChecks(checks.map(({ tier, points }) => ({ tier, points: 0, maxPoints: points })))
  return {
    role,
    status: found.status,
    message: found.message,
    notes: [],
    points: 0,
    maxPoints,
    bonusPoints: 0,
    checks: [],
  }
}

/** A build that failed costs the points; a machine that cannot build is no verdict. */
function notBuilt(check: AnyCheck, error: unknown): CheckResult {
  const isTheirs = error instanceof BuildFailure
  return {
    ...headOf(check),
    points: 0,
    status: isTheirs ? 'failed' : 'broken',
    durationMs: 0,
    retried: false,
    failure: isTheirs
      ? {
          reason: 'not-started',
          summary: 'The program could not be built.',
          hint: 'The first message of the compiler is the one to look at.',
          lastWords: error.message,
        }
      : ourFault(error),
    transcript: [],
  }
}

function headOf({ id, title, tier, points }: AnyCheck) {
  return { id, title, tier, maxPoints: points }
}

/** A fault of ours, or of the machine. */
function ourFault(error: unknown): FailureReport {
  const isMachine = error instanceof MachineError
  return {
    reason: 'broken',
    summary: isMachine ? error.message : 'The grader itself failed in this check; it costs no points.',
    hint: isMachine ? 'This is about the machine, not about the program.' : 'Please report it, with the text below.',
    ...(!isMachine && { lastWords: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  }
}

class Grading {
  readonly #exercise: Exercise
  readonly #role: Role
  readonly #startable: Startable
  readonly #options: GradeOptions
  readonly #verdicts = new Map<string, Status>()
  /** Second tries that ran out of time as well. */
  #vainTries = 0

  constructor(exercise: Exercise, role: Role, startable: Startable, options: GradeOptions) {
    this.#exercise = exercise
    this.#role = role
    this.#startable = startable
    this.#options = options
  }

  async run(): Promise<{ results: CheckResult[]; command: readonly string[] | undefined; notes: string[] }> {
    return this.#role === 'server' ? this.#runServer() : this.#runClient()
  }

  async #runServer() {
    const { machine, signal } = this.#options
    const { transport } = this.#exercise
    const startable = this.#startable
    await using session = new ServerSession(startable, transport, machine, signal)
    const tryCheck: TryCheck = (check, words, stretch) => session.attempt(check, words, stretch)
    const results: CheckResult[] = []
    await session.withOwnPorts(async () => {
      for (const check of this.#wanted()) {
        const doesNotStart = results[0]?.failure?.reason === 'not-started'
        results.push(doesNotStart ? this.#skip(check, check.id) : await this.#check(check, tryCheck))
      }
    })
    return { results, command: session.command, notes: [...session.notes] }
  }

  /** The first check shows where the client goes; the others follow at the same time if it goes where it is told. */
  async #runClient() {
    const { machine, signal } = this.#options
    const { transport } = this.#exercise
    const session = new ClientSession(this.#startable, transport, machine, signal)
    const tryCheck: TryCheck = (check, words, stretch) => session.attempt(check, words, stretch)
    // Ports first, then a place among the running checks: the other order could wait for itself.
    const checkOne = (check: AnyCheck): Promise<CheckResult> =>
      machine.withPorts(transport, session.ownPorts, () => this.#check(check, tryCheck))
    const [first, ...others] = this.#wanted()
    if (first === undefined) return { results: [], command: undefined, notes: [] }
    const results = [await checkOne(first)]
    const pending = new Map<string, Promise<CheckResult>>()
    for (const check of others) {
      const needed = (check.needs ?? []).map((need) => pending.get(need))
      pending.set(
        check.id,
        Promise.all(needed.filter((need) => need !== undefined)).then(() => checkOne(check)),
      )
    }
    results.push(...(await Promise.all(pending.values())))
    return { results, command: session.command, notes: [...session.notes] }
  }

  /** The checks to run: those that are asked for, and what they need. */
  #wanted(): AnyCheck[] {
    const checks = checksOf(this.#exercise, this.#role)
    const { only } = this.#options
    if (only === undefined) return [...checks]
    const wanted = new Set(only)
    for (const { id, needs } of checks.toReversed())
      if (wanted.has(id)) for (const need of needs ?? []) wanted.add(need)
    return checks.filter(({ id }) => wanted.has(id))
  }

  async #check(check: AnyCheck, tryCheck: TryCheck): Promise<CheckResult> {
    const missed = (check.needs ?? []).find((need) => this.#verdicts.get(need) !== 'passed')
    const result = missed === undefined ? await this.#judge(check, tryCheck) : this.#skip(check, missed)
    this.#verdicts.set(check.id, result.status)
    this.#options.onCheck?.(this.#exercise.id, this.#role, result)
    return result
  }

  #skip(check: AnyCheck, missed: string): CheckResult {
    const summary =
      missed === check.id
        ? 'Not tried: the program does not start.'
        : `Not tried: it needs the check ${missed}, which did not pass.`
    const failure = {
      reason: 'skipped',
      summary,
      hint: 'First things first: this check counts as soon as that is mended.',
    }
    return { ...headOf(check), points: 0, status: 'skipped', durationMs: 0, retried: false, failure, transcript: [] }
  }

  /** One try, and a second one alone and with longer limits where only the time ran out. */
  async #judge(check: AnyCheck, tryCheck: TryCheck): Promise<CheckResult> {
    const { machine, seed } = this.#options
    const words = (): Words => new Words(new Random(seed, this.#exercise.id, this.#role, check.id))
    let attempt = await machine.shared(() => tryCheck(check, words, 1))
    // When longer limits have changed nothing twice, time is not what this program lacks.
    const retried = ranOutOfTime(attempt) && this.#vainTries < VAIN_TRIES
    if (retried) attempt = await machine.alone(() => tryCheck(check, words, SECOND_TRY_STRETCH))
    if (retried && ranOutOfTime(attempt)) this.#vainTries++
    return this.#result(check, attempt, retried)
  }

  #result(check: AnyCheck, attempt: Attempt, retried: boolean): CheckResult {
    const { error, transcript, durationMs } = attempt
    const head = { ...headOf(check), durationMs: Math.round(durationMs), retried }
    if (error === undefined) return { ...head, points: check.points, status: 'passed' }
    if (!(error instanceof CheckFailure)) {
      // An end from outside is no verdict on anything.
      this.#options.signal.throwIfAborted()
      return {
        ...head,
        points: 0,
        status: 'broken',
        failure: ourFault(error),
        transcript: reportTranscript(transcript),
      }
    }
    const failure = explain(
      {
        facts: error.facts,
        role: this.#role,
        checkId: check.id,
        transcript,
        stdout: attempt.program?.stdout.text ?? '',
        stderr: attempt.program?.stderr.text ?? '',
        sources: this.#startable.sources,
        verdicts: this.#verdicts,
        ...attempt.experiments,
      },
      check.hint,
      attempt.program?.exit && describeExit(attempt.program.exit),
    )
    return { ...head, points: 0, status: 'failed', failure, transcript: reportTranscript(transcript) }
  }
}
