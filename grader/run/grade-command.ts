/** `wiregrade grade`: from arguments to an exit code. */
import { once } from 'node:events'
import { watch } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { checksOf, rolesOf, type Exercise } from '../check/exercise.ts'
import { UsageError } from '../core/failure.ts'
import { newSeed } from '../core/random.ts'
import type { Report, Role } from '../core/report.ts'
import { exitCodeOf, programsOf } from '../core/score.ts'
import { EXERCISES } from '../exercises/index.ts'
import { cleanUpAfterKilledRuns } from '../program/scratch.ts'
import { outputsFor, writeReports } from '../report/outputs.ts'
import { gradeSubmission } from './grade-submission.ts'
import { listing } from './listing.ts'
import { nearest } from './nearest.ts'
import { Progress } from './progress.ts'

export interface GradeArguments {
  exercise: readonly string[]
  role?: Role | undefined
  check: readonly string[]
  reporter: readonly string[]
  seed?: number | undefined
  watch?: boolean | undefined
  list?: boolean | undefined
  color: boolean
}

export interface Screen {
  print: (text: string) => void
  warn: (text: string) => void
  isTerminal: boolean
}

/** @returns 0, 1 or 2 as in `exitCodeOf`; a reporter that failed makes it 2 */
export async function grade(submission: string, options: GradeArguments, screen: Screen): Promise<number> {
  const exercises = exercisesOf(options.exercise)
  if (options.list === true) {
    screen.print(listing(exercises, options.role))
    return 0
  }
  const checks = checkIds(options, exercises)
  const colour = options.color && screen.isTerminal && !process.env['NO_COLOR']
  const outputs = await outputsFor(options.reporter.length > 0 ? options.reporter : ['terminal'])
  cleanUpAfterKilledRuns()

  const once = async (chosen: readonly Exercise[]): Promise<number> => {
    const roles = options.role && [options.role]
    const progress = new Progress(chosen, roles, checks, screen)
    const signal = new AbortController().signal
    const seed = options.seed ?? newSeed()
    const report = await gradeSubmission(submission, {
      seed,
      exercises: chosen,
      roles,
      checks,
      signal,
      onCheck: () => progress.step(),
    }).finally(() => progress.end())
    addRepeats(report, submission)
    const failed = await writeReports(report, outputs, { colour }, screen)
    return failed ? 2 : exitCodeOf(report)
  }
  const exitCode = await once(exercises)
  return options.watch === true ? await again(submission, exercises, once, screen) : exitCode
}

/** The exercises of these ids, or all. */
function exercisesOf(ids: readonly string[]): readonly Exercise[] {
  const known = EXERCISES.map(({ id }) => id)
  for (const id of ids)
    if (!known.includes(id)) throw new UsageError(`There is no exercise "${id}"${nearest(id, known)}.`)
  return ids.length === 0 ? EXERCISES : EXERCISES.filter(({ id }) => ids.includes(id))
}

function checkIds({ check, role }: GradeArguments, exercises: readonly Exercise[]): ReadonlySet<string> | undefined {
  if (check.length === 0) return undefined
  const known = exercises.flatMap((exercise) =>
    rolesOf(exercise)
      .filter((own) => role === undefined || own === role)
      .flatMap((own) => checksOf(exercise, own).map(({ id }) => id)),
  )
  for (const id of check)
    if (!known.includes(id)) throw new UsageError(`There is no check "${id}"${nearest(id, known)}.`)
  return new Set(check)
}

/** Puts the command that runs exactly this check again into every failure. */
function addRepeats(report: Report, submission: string): void {
  const folder =
    submission === 'assignments' ? '' : ` ${/^[\w./-]+$/.test(submission) ? submission : JSON.stringify(submission)}`
  for (const { exercise, program } of programsOf(report)) {
    for (const { id, failure } of program.checks) {
      if (failure === undefined) continue
      failure.repeat = `npm run grade --${folder} -e ${exercise.id} --role ${program.role} --check ${id} --seed ${report.seed}`
    }
  }
}

/** Grades again whenever something in the submission has changed, until the process is ended. */
async function again(
  submission: string,
  exercises: readonly Exercise[],
  once: (chosen: readonly Exercise[]) => Promise<number>,
  { warn }: Screen,
): Promise<never> {
  const watcher = watch(submission, { recursive: true })
  for (;;) {
    warn('Waiting for the next save; Ctrl-C ends this.\n')
    const changed = new Set<string>()
    changed.add(await nextChange(watcher))
    // Editors write several times for one save.
    for (;;) {
      const more = await Promise.race([nextChange(watcher), sleep(100)])
      if (more === undefined) break
      changed.add(more)
    }
    const folders = new Set([...changed].map((path) => path.split(/[/\\]/)[0]))
    const touched = exercises.filter(({ id }) => folders.has(id))
    if (touched.length > 0) await once(touched)
  }
}

async function nextChange(watcher: ReturnType<typeof watch>): Promise<string> {
  const [, path] = (await once(watcher, 'change')) as [string, string | null]
  return path ?? ''
}
