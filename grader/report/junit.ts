/** JUnit XML: one suite for each program, one test case for each check, points as properties. */
import junitReportBuilder, { type Builder, type TestCase } from 'junit-report-builder'
import type { CheckResult, FailureReport, ProgramResult } from '../core/report.ts'
import { programsOf } from '../core/score.ts'
import type { Reporter } from './index.ts'

// The package is CommonJS: what its types call `default` is the module itself.
const builder = junitReportBuilder as unknown as Builder

export const junit: Reporter = (report) => {
  const document = builder.newBuilder()
  for (const { exercise, program } of programsOf(report)) {
    const name = `${exercise.id} ${program.role}`
    const suite = document.testSuite().name(xmlText(name)).timestamp(new Date(report.startedAt))
    suite.time(program.checks.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000)
    suite.property('points', String(program.points))
    suite.property('maxPoints', String(program.maxPoints))
    suite.property('bonusPoints', String(program.bonusPoints))
    if (program.checks.length === 0)
      suite
        .testCase()
        .name('program')
        .className(xmlText(name))
        .failure(xmlText(program.message ?? program.status))
    for (const check of program.checks) testCase(suite.testCase(), name, check, program)
  }
  return document.build()
}

function testCase(test: TestCase, suiteName: string, check: CheckResult, program: ProgramResult): void {
  test
    .name(xmlText(check.title))
    .className(xmlText(suiteName))
    .time(check.durationMs / 1000)
  test.property('id', check.id).property('tier', check.tier)
  test.property('points', String(check.points)).property('maxPoints', String(check.maxPoints))
  if (program.file !== undefined) test.file(xmlText(program.file))
  if (check.failure === undefined) return
  const { failure } = check
  if (check.status === 'skipped') test.skipped()
  if (check.status === 'failed') test.failure(xmlText(failure.summary), failure.reason)
  if (check.status === 'broken') test.error(xmlText(failure.summary), failure.reason)
  test.standardOutput(xmlText(detail(failure)))
}

function detail({ summary, cause, difference, hint, lastWords, ending, repeat }: FailureReport): string {
  return [
    summary,
    cause,
    difference && `expected ${difference.expected}\nreceived ${difference.received}`,
    ending && `The program ${ending}.`,
    lastWords && `Last words of the program:\n${lastWords}`,
    `Hint: ${hint}`,
    repeat && `Again: ${repeat}`,
  ]
    .filter((part) => part !== undefined)
    .join('\n')
}

/** Text without the characters that XML 1.0 (section 2.2) forbids: they are shown as escapes. */
function xmlText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
