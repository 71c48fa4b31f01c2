/** Grades one submission: every program of it, side by side. */
import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { rolesOf, type Exercise } from '../check/exercise.ts'
import { UsageError } from '../core/failure.ts'
import type { CheckResult, ExerciseResult, Report, Role } from '../core/report.ts'
import { addPoints } from '../core/score.ts'
import { gradeProgram } from './grade-program.ts'
import { Machine } from './machine.ts'
import { VERSION } from './version.ts'

export interface SubmissionOptions {
  seed: number
  exercises: readonly Exercise[]
  roles?: readonly Role[] | undefined
  /** Ids of checks; all when undefined. */
  checks?: ReadonlySet<string> | undefined
  signal: AbortSignal
  onCheck?: (exercise: string, role: Role, check: CheckResult) => void
}

/**
 * Grades the submission in a folder.
 * @throws UsageError when there is no such folder
 */
export async function gradeSubmission(path: string, options: SubmissionOptions): Promise<Report> {
  const folder = resolve(path)
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new UsageError(`There is no folder ${path}.`)
  const startedAt = new Date()
  const begin = performance.now()
  await using machine = new Machine()
  const { seed, signal, checks: only, onCheck } = options
  const gradings = options.exercises.map(async (exercise): Promise<ExerciseResult> => {
    const roles = rolesOf(exercise).filter((role) => options.roles?.includes(role) ?? true)
    const programs = await settled(
      roles.map((role) =>
        gradeProgram(join(folder, exercise.id), exercise, role, {
          seed,
          only,
          machine,
          signal,
          ...(onCheck && { onCheck }),
        }),
      ),
    )
    return { id: exercise.id, title: exercise.title, ...addPoints(programs), programs }
  })
  const exercises = await settled(gradings)
  return {
    format: 'wiregrade-report',
    version: 1,
    grader: VERSION,
    seed,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - begin),
    isolation: 'none',
    needsRegrading: exercises.some(({ programs }) =>
      programs.some(({ checks }) => checks.some(({ status }) => status === 'broken')),
    ),
    submission: { name: basename(folder), path: folder },
    ...addPoints(exercises),
    exercises,
  }
}

/** All results; an error is thrown only when everything has ended, so that nothing goes on behind our back. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises)
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}
