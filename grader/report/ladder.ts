/** The conversation as a ladder of two lanes, with times: the grader on the left, the program on the right. */
import { printable, quote } from '../core/bytes.ts'
import type { TranscriptReport } from '../core/report.ts'

/** Steps shown; of longer conversations the beginning and the end. */
const SHOWN = { head: 8, tail: 16 }
const QUOTED = 48

/** The lines of the ladder. */
export function ladder(transcript: readonly TranscriptReport[], palette: { dim: (text: string) => string }): string[] {
  const rungs = transcript.map((entry) => rung(entry, palette.dim))
  if (rungs.length <= SHOWN.head + SHOWN.tail) return rungs
  const left = rungs.length - SHOWN.head - SHOWN.tail
  return [
    ...rungs.slice(0, SHOWN.head),
    palette.dim(`${' '.repeat(10)}… ${left} more steps …`),
    ...rungs.slice(-SHOWN.tail),
  ]
}

function rung({ atMs, actor, what, peer, bytes, length }: TranscriptReport, dim: (text: string) => string): string {
  const time = dim(`${atMs.toFixed(1).padStart(9)} ms`)
  const data = bytes === undefined ? '' : ` ${quoted(bytes, length)}`
  const who = peer === undefined ? '' : dim(` [${peer}]`)
  switch (actor) {
    case 'grader':
      return `${time}  grader ${what === 'types' ? '⌨' : '──▶'}            ${what}${data}${who}`
    case 'program':
      return `${time}         ◀── program   ${what}${data}${who}`
    case 'process':
      return `${time}          ·  program   ${printable(what)}`
    default:
      return `${time}          ▏  program   ${what}${data} ${dim(actor === 'stdout' ? '(screen)' : '(standard error)')}`
  }
}

function quoted(base64: string, length: number | undefined): string {
  const bytes = Buffer.from(base64, 'base64')
  const shown = quote(bytes.subarray(0, 4 * QUOTED), QUOTED)
  return length !== undefined && length > bytes.length ? `${shown} … ${length} bytes in all` : shown
}
