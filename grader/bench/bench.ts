/** `wiregrade bench`: what grading costs, against a floor that is measured in the same run. */
import { connect } from 'node:net'
import { createSocket } from 'node:dgram'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'
import pLimit from 'p-limit'
import { execa } from 'execa'
import { rolesOf, type Exercise } from '../check/exercise.ts'
import type { Report, Role } from '../core/report.ts'
import { programsOf } from '../core/score.ts'
import { EXERCISES } from '../exercises/index.ts'
import { build, type Startable } from '../program/build.ts'
import { findProgram } from '../program/find.ts'
import { gradeSubmission } from '../run/grade-submission.ts'
import { freePort } from '../wire/ports.ts'

const REFERENCE = fileURLToPath(new URL('../../reference', import.meta.url))
const COMMAND = fileURLToPath(new URL('../wiregrade.mjs', import.meta.url))
/** Checks that make a client wait for its own time-out: that wait is theirs, not ours. */
const WAITS = new Set(['never-answered', 'lost-reply'])

type Print = (text: string) => void

/** Prints medians over so many rounds. @returns 0 */
export async function bench(rounds: number, print: Print): Promise<number> {
  const programs = await Promise.all(
    EXERCISES.flatMap((exercise) =>
      rolesOf(exercise).map(async (role) => ({ exercise, role, startable: await startableOf(exercise, role) })),
    ),
  )
  const grades: number[] = []
  const floors: number[] = []
  const shares: number[] = []
  const starts: number[] = []
  const nodes: number[] = []
  for (let round = 0; round < rounds; round++) {
    const measured = await gradeOnce()
    grades.push(measured.wallMs)
    floors.push(await floorOnce(programs, measured.launches))
    shares.push(await cpuShare())
    starts.push(await timed(() => execa(process.execPath, [COMMAND, 'grade', '--list'], { stdout: 'ignore' })))
    nodes.push(await timed(() => execa(process.execPath, ['-e', '0'])))
  }
  const line = (what: string, value: string): void => print(`${what.padEnd(66)} ${value}\n`)
  print(`${rounds} rounds, medians (${availableParallelism()} processors)\n`)
  line('grading the references, without the waits that checks ask for', ms(median(grades)))
  line('floor: the same launches and exchanges, bare, as many at a time', ms(median(floors)))
  line('  ratio (a)', median(grades.map((grade, index) => grade / (floors[index] ?? 1))).toFixed(2))
  line("the grader's own processor time over that of the programs (b)", median(shares).toFixed(2))
  line(
    'start of the command line (c)',
    `${ms(median(starts))}, ${(median(starts) / median(nodes)).toFixed(1)} times an empty Node program`,
  )
  return 0
}

interface Program {
  exercise: Exercise
  role: Role
  startable: Startable
}

async function startableOf(exercise: Exercise, role: Role): Promise<Startable> {
  const found = await findProgram(join(REFERENCE, exercise.id), role, rolesOf(exercise))
  if (found.status !== 'found') throw new Error(found.message)
  return build(found)
}

/** One grading of the references inside this process, and how often each program was launched. */
async function gradeOnce(): Promise<{ wallMs: number; launches: Map<string, number> }> {
  const { signal } = new AbortController()
  const exercises = EXERCISES.map((exercise) => withoutWaits(exercise))
  const report = await gradeSubmission(REFERENCE, { seed: 1, exercises, signal })
  if (report.points !== report.maxPoints) throw new Error('The references lost points')
  return { wallMs: report.durationMs, launches: launchesOf(report) }
}

/** The exercise without the checks that consist of waiting. */
function withoutWaits<T extends Exercise>(exercise: T): T {
  return { ...exercise, client: exercise.client?.filter(({ id }) => !WAITS.has(id)) }
}

function launchesOf(report: Report): Map<string, number> {
  return new Map(
    programsOf(report).map(({ exercise, program }) => {
      const restarts = program.checks.filter(({ id }) => id === 'restarts-at-once').length
      return [`${exercise.id} ${program.role}`, program.role === 'client' ? program.checks.length : 1 + restarts]
    }),
  )
}

/** The same launches and one bare exchange each, as many at a time as there are processors. Milliseconds. */
async function floorOnce(programs: readonly Program[], launches: ReadonlyMap<string, number>): Promise<number> {
  const limit = pLimit(availableParallelism())
  const jobs = programs.flatMap((program) =>
    Array.from({ length: launches.get(`${program.exercise.id} ${program.role}`) ?? 0 }, () => program),
  )
  const startedAt = performance.now()
  await Promise.all(
    jobs.map((program) => limit(() => (program.role === 'server' ? bareServer(program) : bareClient(program)))),
  )
  return performance.now() - startedAt
}

/** A server is started, answers once when its first line of output shows that it listens, and is ended. */
async function bareServer({ exercise, startable }: Program): Promise<void> {
  const port = await freePort(exercise.transport)
  const [file = '', ...args] = startable.command([String(port)])
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  await (exercise.transport === 'tcp' ? tcpExchange(port) : udpExchange(port))
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
}

/** A client is started for a port where nobody listens, so that its end comes from the kernel at once. */
async function bareClient({ exercise, startable }: Program): Promise<void> {
  const port = await freePort(exercise.transport)
  const [file = '', ...args] = startable.command(['127.0.0.1', String(port)])
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin.on('error', () => undefined)
  child.stdin.write('a sentence for the floor\n')
  await new Promise((resolve) => child.once('exit', resolve))
}

function tcpExchange(port: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('a sentence for the floor'))
    socket.resume().on('close', resolve).on('error', reject)
  })
}

function udpExchange(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.on('message', () => socket.close(() => resolve(undefined)))
    socket.send('a sentence for the floor', port, '127.0.0.1')
  })
}

/** Runs in the grading process: at its end it tells the kernel's account of itself and of its children. */
const ACCOUNT = `data:text/javascript,import fs from 'node:fs'; process.on('exit', () => fs.writeSync(2, fs.readFileSync('/proc/self/stat')))`

/** Processor time of a whole grading process over that of the programs that it started (Linux). */
async function cpuShare(): Promise<number> {
  const { stderr } = await execa(process.execPath, ['--import', ACCOUNT, COMMAND, 'grade', REFERENCE], {
    stdout: 'ignore',
  })
  // proc_pid_stat(5): utime, stime, cutime, cstime are the fields 14 to 17, counted after the name in brackets.
  const fields = stderr
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
  return (user + system) / (childUser + childSystem)
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await action()
  return performance.now() - startedAt
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

function ms(value: number): string {
  return `${Math.round(value)} ms`
}
