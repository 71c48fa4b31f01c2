/** `wiregrade soak`: grades the references many times, half of the runs beside programs that take all processors. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { programsOf } from '../core/score.ts'
import { EXERCISES } from '../exercises/index.ts'
import { gradeSubmission } from '../run/grade-submission.ts'

const REFERENCE = fileURLToPath(new URL('../../reference', import.meta.url))
const HOGS = 8

/**
 * @param runs how many gradings, the second half of them beside eight CPU hogs
 * @returns 0 when not one point was lost, otherwise 1
 */
export async function soak(runs: number, print: (text: string) => void): Promise<number> {
  let lost = 0
  let hogs: ChildProcess[] = []
  try {
    for (let run = 1; run <= runs; run++) {
      if (run > runs / 2 && hogs.length === 0) hogs = startHogs()
      lost += await once(run, print)
      if (run % 10 === 0) print(`${run} runs, ${lost} points lost\n`)
    }
  } finally {
    for (const hog of hogs) hog.kill('SIGKILL')
  }
  print(`${runs} runs, half of them beside ${HOGS} CPU hogs: ${lost} points lost\n`)
  return lost === 0 ? 0 : 1
}

async function once(run: number, print: (text: string) => void): Promise<number> {
  const { signal } = new AbortController()
  const report = await gradeSubmission(REFERENCE, { seed: run, exercises: EXERCISES, signal })
  for (const { exercise, program } of programsOf(report)) {
    for (const { id, status, retried, failure } of program.checks) {
      if (status === 'passed' && !retried) continue
      print(
        `seed ${run}: ${exercise.id} ${program.role} ${id} ${status}${retried ? ', second try' : ''} ${failure?.summary ?? ''}\n`,
      )
    }
  }
  return report.maxPoints - report.points
}

function startHogs(): ChildProcess[] {
  return Array.from({ length: HOGS }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore', detached: true }),
  )
}
