/** Makes of a failure what a student reads: what was seen, the first difference, the cause, the program's last words. */
import { bytesOf, firstDifference, printable, quote } from '../core/bytes.ts'
import type { FailureReport, TranscriptReport } from '../core/report.ts'
import type { Entry, Transcript } from '../core/transcript.ts'
import { causeOf } from './causes.ts'
import type { Evidence } from './evidence.ts'

/** Lines of a program's last words. */
const LAST_LINES = 6
/** Bytes of one entry, and of one transcript, in a report. */
const REPORTED = { entry: 2 * 1024, transcript: 64 * 1024, entries: 200 }

/** The report of a failure. */
export function explain(evidence: Evidence, hint: string, ending: string | undefined): FailureReport {
  const { facts } = evidence
  const cause = causeOf(evidence)
  const words = lastWords(evidence.stderr) ?? lastWords(evidence.stdout)
  const difference =
    facts.expected !== undefined && facts.received !== undefined && ['wrong', 'not-printed'].includes(facts.reason)
      ? firstDifference(bytesOf(facts.expected), bytesOf(facts.received))
      : undefined
  return {
    reason: facts.reason,
    summary: facts.summary,
    ...(facts.expected !== undefined && { expected: shown(facts.expected) }),
    ...(facts.received !== undefined && { received: shown(facts.received) }),
    ...(difference && { difference }),
    ...(cause !== undefined && { cause }),
    hint,
    ...(words !== undefined && { lastWords: words }),
    ...(ending !== undefined && { ending }),
  }
}

/** A text of ours is shown as it is, what was on the wire is quoted. */
function shown(data: string | Uint8Array): string {
  return quote(data)
}

/** The last lines of a text: what a program said before it ended. */
function lastWords(text: string): string | undefined {
  const lines = text.trimEnd().split(/\r?\n/).slice(-LAST_LINES)
  const words = lines.map((line) => printable(line).slice(0, 200)).join('\n')
  return words.trim() === '' ? undefined : words
}

/** A transcript as the report holds it: bounded, bytes in base64, output in one piece however it was written. */
export function reportTranscript(transcript: Transcript): TranscriptReport[] {
  const entries = joinOutput(transcript.entries)
  const reported = entries.length <= REPORTED.entries ? entries : [...entries.slice(0, 150), ...entries.slice(-50)]
  let left = REPORTED.transcript
  return reported.map(({ atMs, actor, what, peer, bytes, length }) => {
    const kept = bytes?.subarray(0, Math.min(REPORTED.entry, left))
    left -= kept?.length ?? 0
    return {
      atMs: Math.round(atMs * 10) / 10,
      actor,
      what,
      ...(peer !== undefined && { peer }),
      ...(kept && { bytes: Buffer.from(kept).toString('base64') }),
      ...(length !== undefined && { length }),
    }
  })
}

/** Joins what a program wrote to one stream without anything happening in between. */
function joinOutput(entries: readonly Entry[]): Entry[] {
  const joined: Entry[] = []
  for (const entry of entries) {
    const before = joined.at(-1)
    const isOutput = entry.actor === 'stdout' || entry.actor === 'stderr'
    if (
      before === undefined ||
      !isOutput ||
      before.actor !== entry.actor ||
      (before.bytes?.length ?? 0) > REPORTED.entry
    ) {
      joined.push(entry)
      continue
    }
    const bytes = Buffer.concat([before.bytes ?? new Uint8Array(), entry.bytes ?? new Uint8Array()])
    joined[joined.length - 1] = { ...before, bytes, length: (before.length ?? 0) + (entry.length ?? 0) }
  }
  return joined
}
