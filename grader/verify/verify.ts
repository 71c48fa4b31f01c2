/** `wiregrade verify`: the grader grades itself. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pLimit from 'p-limit'
import { checksOf, rolesOf, type Exercise } from '../check/exercise.ts'
import { UsageError } from '../core/failure.ts'
import type { Report, Role } from '../core/report.ts'
import { programsOf } from '../core/score.ts'
import { EXERCISES } from '../exercises/index.ts'
import { MUTANTS } from '../mutants/index.ts'
import type { Mutant } from '../mutants/mutant.ts'
import { gradeSubmission } from '../run/grade-submission.ts'
import { worthless } from './worthless.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SEED = 1

/** One program put to the test, and what was wrong with the outcome. */
interface Outcome {
  title: string
  problems: string[]
  caught: string[]
}

type Print = (text: string) => void

/** @returns 0 when everything is as it must be, otherwise 1 */
export async function verify(ids: readonly string[], print: Print): Promise<number> {
  const exercises = EXERCISES.filter(({ id }) => ids.length === 0 || ids.includes(id))
  if (exercises.length < ids.length || exercises.length === 0)
    throw new UsageError(`There is no exercise ${ids.join(', ')}.`)
  const folder = await mkdtemp(join(tmpdir(), 'wiregrade-verify-'))
  try {
    let faults = 0
    for (const exercise of exercises) faults += await verifyExercise(exercise, folder, print)
    print(faults === 0 ? 'All is well.\n' : `${faults} problems.\n`)
    return faults === 0 ? 0 : 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function verifyExercise(exercise: Exercise, folder: string, print: Print): Promise<number> {
  const limit = pLimit(availableParallelism())
  // What earns nothing mostly waits for the end of a limit.
  const waiting = pLimit(availableParallelism() * 4)
  const mutants = MUTANTS[exercise.id] ?? []
  const place = (number: number): string => join(folder, exercise.id, String(number))
  const worthlessOnes = await worthlessJobs(exercise, place(-1))
  const outcomes = await Promise.all([
    limit(() => verifyReference(exercise)),
    ...mutants.map((mutant, index) => limit(() => verifyMutant(exercise, mutant, place(index)))),
    ...worthlessOnes.map((job) => waiting(job)),
  ])
  const all = rolesOf(exercise).flatMap((role) => checksOf(exercise, role).map(({ id }) => `${role} ${id}`))
  const caught = new Set(outcomes.flatMap((outcome) => outcome.caught))
  const uncaught = all.filter((check) => !caught.has(check))
  for (const { title, problems } of outcomes)
    for (const problem of problems) print(`  ✗ ${exercise.id}: ${title}: ${problem}\n`)
  for (const check of uncaught) print(`  ✗ ${exercise.id}: no mutant loses the check ${check}\n`)
  const survived = outcomes.filter(({ problems }) => problems.length > 0).length
  print(
    `${exercise.id}: ${all.length} checks, ${all.length - uncaught.length} caught by a mutant; ` +
      `${mutants.length} mutants; ${outcomes.length - mutants.length - 1} programs that must earn nothing; ${survived} problems\n`,
  )
  return survived + uncaught.length
}

function grade(path: string, exercise: Exercise, role?: Role): Promise<Report> {
  const { signal } = new AbortController()
  return gradeSubmission(path, { seed: SEED, exercises: [exercise], roles: role && [role], signal })
}

async function verifyReference(exercise: Exercise): Promise<Outcome> {
  const report = await grade(join(ROOT, 'reference'), exercise)
  const lost = checkStates(report).filter(({ status }) => status !== 'passed')
  return { title: 'the reference', problems: lost.map(({ name, status }) => `${name} ${status}`), caught: [] }
}

async function verifyMutant(exercise: Exercise, mutant: Mutant, place: string): Promise<Outcome> {
  const { role, loses, fault } = mutant
  const title = `the ${role} that ${fault}`
  await writeMutant(exercise, mutant, join(place, exercise.id))
  const states = checkStates(await grade(place, exercise, role))
  const failed = states.filter(({ status }) => status === 'failed').map(({ id }) => id)
  const broken = states
    .filter(({ status }) => status === 'broken')
    .map(({ id, summary }) => `${id} is broken: ${summary}`)
  const missed = loses.filter((id) => !failed.includes(id)).map((id) => `passes ${id}`)
  const extra = failed.filter((id) => !loses.includes(id)).map((id) => `loses ${id}, which it is not said to lose`)
  return { title, problems: [...broken, ...missed, ...extra], caught: failed.map((id) => `${role} ${id}`) }
}

async function writeMutant({ id }: Exercise, mutant: Mutant, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  if ('file' in mutant) return writeFile(join(folder, mutant.file), mutant.source)
  const file = `${mutant.role}.ts`
  let source = await readFile(join(ROOT, 'reference', id, file), 'utf8')
  for (const [from, to] of mutant.edits) {
    const parts = source.split(from)
    if (parts.length !== 2)
      throw new Error(`${id}, ${mutant.fault}: the text occurs ${parts.length - 1} times:\n${from}`)
    source = parts.join(to)
  }
  await writeFile(join(folder, file), source)
}

/** What must earn nothing: worthless programs, and the starters as they are. */
async function worthlessJobs(exercise: Exercise, place: string): Promise<(() => Promise<Outcome>)[]> {
  const starters = join(ROOT, 'assignments', exercise.id, 'starters')
  const names = await readdir(starters)
  const programs = rolesOf(exercise).flatMap((role) => [
    ...Object.entries(worthless(exercise.transport)).map(([title, source]) => ({
      title,
      role,
      file: `${role}.py`,
      source,
    })),
    ...names
      .filter((name) => name.startsWith(role))
      .map((file) => ({ title: `the starter ${file}`, role, file, source: undefined })),
  ])
  return programs.map(({ title, role, file, source }, index) => async () => {
    const folder = join(place, String(index))
    await mkdir(join(folder, exercise.id), { recursive: true })
    await writeFile(join(folder, exercise.id, file), source ?? (await readFile(join(starters, file))))
    const report = await grade(folder, exercise, role)
    const earned = report.points + report.bonusPoints
    const broken = report.needsRegrading ? ['a check is broken'] : []
    return {
      title: `${title} (${role})`,
      problems: earned === 0 ? broken : [`earns ${earned} points`, ...broken],
      caught: [],
    }
  })
}

function checkStates(report: Report) {
  return programsOf(report).flatMap(({ program }) =>
    program.checks.map(({ id, status, failure }) => ({
      id,
      name: `${program.role} ${id}`,
      status,
      summary: failure?.summary,
    })),
  )
}
