/** What a student reads: first what was lost and why, then the points. */
import { styleText } from 'node:util'
import { printable } from '../core/bytes.ts'
import type { CheckResult, FailureReport, ProgramResult } from '../core/report.ts'
import { programsOf } from '../core/score.ts'
import { ladder } from './ladder.ts'
import type { Reporter } from './index.ts'

type Style = (text: string) => string
interface Palette {
  bold: Style
  dim: Style
  green: Style
  red: Style
  yellow: Style
  cyan: Style
}

function paletteFor(colour: boolean): Palette {
  const style = (format: keyof Palette): Style =>
    colour ? (text) => styleText(format, text, { validateStream: false }) : (text) => text
  return {
    bold: style('bold'),
    dim: style('dim'),
    green: style('green'),
    red: style('red'),
    yellow: style('yellow'),
    cyan: style('cyan'),
  }
}

const MARKS: Record<CheckResult['status'], string> = { passed: '✓', failed: '✗', skipped: '–', broken: '!' }
const INDENT = '      '

export const terminal: Reporter = (report, { colour }) => {
  const palette = paletteFor(colour)
  const { bold, dim, green, red, yellow } = palette
  const lines: string[] = []
  for (const { exercise, program } of programsOf(report)) {
    lines.push(...programLines(`${exercise.title} · ${program.role}`, program, palette), '')
  }
  const all = report.points === report.maxPoints
  const bonus = report.bonusPoints > 0 ? ` and ${report.bonusPoints} bonus` : ''
  lines.push(
    `${bold((all ? green : red)(`${report.points} of ${report.maxPoints} points${bonus}`))} ` +
      dim(
        `for ${printable(report.submission.name)} in ${(report.durationMs / 1000).toFixed(1)} s, seed ${report.seed}`,
      ),
  )
  if (report.needsRegrading)
    lines.push(
      yellow('Needs regrading: some checks could not be judged on this machine (marked "!"). They are no verdict.'),
    )
  return `${lines.join('\n')}\n`
}

function programLines(title: string, program: ProgramResult, palette: Palette): string[] {
  const { bold, dim, green, red, yellow } = palette
  const full = program.points === program.maxPoints
  const file = program.file === undefined ? '' : dim(` ${printable(program.file)}`)
  const points = (full ? green : red)(`${program.points}/${program.maxPoints}`)
  const lines = [`${bold(title)}${file}  ${points}`]
  if (program.message !== undefined) {
    const message = printable(program.message).split('\n')
    lines.push(...message.map((line) => `  ${program.status === 'missing' ? dim(line) : yellow(line)}`))
  }
  if (program.status === 'build-failed') return lines
  for (const note of program.notes) lines.push(dim(`  note: ${printable(note)}`))
  if (program.message !== undefined && program.checks.length > 0) return lines
  for (const check of program.checks) lines.push(...checkLines(check, palette))
  return lines
}

function checkLines(check: CheckResult, palette: Palette): string[] {
  const { dim, green, red, yellow } = palette
  const colour = { passed: green, failed: red, skipped: dim, broken: yellow }[check.status]
  const tier = check.tier === 'core' ? '' : ` ${check.tier}`
  const again = check.retried ? ', second try' : ''
  const points = dim(`(${check.points}/${check.maxPoints}${tier}${again})`)
  const line = `  ${colour(`${MARKS[check.status]} ${check.title}`)} ${points}`
  if (check.failure === undefined) return [line]
  if (check.status === 'skipped') return [`${line} ${dim(check.failure.summary)}`]
  return [line, ...failureLines(check.failure, check, palette), '']
}

function failureLines(failure: FailureReport, check: CheckResult, palette: Palette): string[] {
  const { bold, dim, red, cyan, yellow } = palette
  const lines = [`${INDENT}${bold(printable(failure.summary))}`]
  const { difference } = failure
  if (difference) {
    lines.push(`${INDENT}expected ${difference.expected}`, `${INDENT}received ${difference.received}`)
    lines.push(
      `${INDENT}${' '.repeat('received '.length + difference.caret)}${red('^')}${dim(` first difference, at byte ${difference.offset}`)}`,
    )
  } else if (failure.expected !== undefined && failure.received !== undefined && failure.received !== '""') {
    lines.push(`${INDENT}expected ${failure.expected}`, `${INDENT}received ${failure.received}`)
  }
  if (failure.cause !== undefined) lines.push(`${INDENT}${yellow(printable(failure.cause))}`)
  const transcript = check.transcript ?? []
  if (transcript.length > 0) lines.push(...ladder(transcript, palette).map((rung) => `${INDENT}${rung}`))
  if (failure.lastWords !== undefined) {
    lines.push(`${INDENT}${dim('last words of the program:')}`)
    lines.push(...failure.lastWords.split('\n').map((words) => `${INDENT}${dim('│')} ${printable(words)}`))
  }
  lines.push(`${INDENT}${cyan('hint')} ${failure.hint}`)
  if (failure.repeat !== undefined) lines.push(`${INDENT}${dim(`again: ${failure.repeat}`)}`)
  return lines
}
