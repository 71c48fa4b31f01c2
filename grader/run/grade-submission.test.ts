import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Report } from '../core/report.ts'
import { programsOf } from '../core/score.ts'
import { EXERCISES } from '../exercises/index.ts'
import { gradeFiles, gradeOne, lost } from '../testing/submissions.ts'
import { TEXTBOOK } from '../testing/textbook.ts'
import { gradeSubmission } from './grade-submission.ts'

const REFERENCE = fileURLToPath(new URL('../../reference', import.meta.url))
const { signal } = new AbortController()

test('the references earn every point, and the report keeps its schema', async () => {
  const report = await gradeSubmission(REFERENCE, { seed: 3, exercises: EXERCISES, signal })
  expect(programsOf(report).flatMap(({ program }) => lost(program.checks))).toEqual([])
  expect(report.points).toBe(400)
  expect(Report.parse(report)).toEqual(report)
})

test('textbook programs, unmodified, earn every core point at the same time', async () => {
  const report = await gradeFiles(TEXTBOOK)
  const core = programsOf(report).flatMap(({ program }) => program.checks.filter(({ tier }) => tier === 'core'))
  expect(lost(core)).toEqual([])
  expect(core).toHaveLength(15)
  expect(programsOf(report).every(({ program }) => program.notes.length > 0)).toBe(true)
})

test('a second textbook run finds no port taken by what the first has left', async () => {
  const first = await gradeFiles(TEXTBOOK, 'tcp-uppercase')
  const second = await gradeFiles(TEXTBOOK, 'tcp-uppercase')
  expect(second.points).toBe(first.points)
  expect(second.durationMs).toBeLessThan(30_000)
})

test('nothing is there, so nothing is earned, and the report says what is missing', async () => {
  const report = await gradeFiles({})
  expect([report.points, report.maxPoints]).toEqual([0, 400])
  expect(programsOf(report).map(({ program }) => program.status)).toEqual(['missing', 'missing', 'missing', 'missing'])
})

test('a build that fails costs the points and shows the words of the compiler', async () => {
  const program = await gradeOne('tcp-uppercase', 'server', 'server.c', 'int main(void) { return nonsense; }\n')
  expect(program.status).toBe('build-failed')
  expect(program.message).toContain('nonsense')
  expect([program.points, program.maxPoints]).toEqual([0, 100])
})

test('a program that does not start is explained once', async () => {
  const program = await gradeOne('tcp-uppercase', 'server', 'server.py', 'raise SystemExit("No port for me")\n')
  const [first, ...others] = program.checks
  expect(first?.status).toBe('failed')
  expect(first?.failure?.lastWords).toBe('No port for me')
  expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['skipped']))
})

test('a daemon that a program leaves behind is ended with it', async () => {
  const marker = `wiregrade-daemon-${process.pid}`
  const source = `import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.execvp("sleep", ["${marker}", "600"])
    os._exit(0)
`
  await gradeOne('udp-uppercase', 'client', 'client.py', source)
  expect(processesWith(marker)).toEqual([])
})

test('no scratch folder is left', async () => {
  await gradeFiles({})
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`wiregrade-${process.pid}-`))).toEqual([])
})

function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readdirSync(join('/proc', pid, 'task')).length > 0 && commandLine(pid).includes(text)
    } catch {
      return false
    }
  })
}

function commandLine(pid: string): string {
  return process.getBuiltinModule('node:fs').readFileSync(`/proc/${pid}/cmdline`, 'latin1')
}
