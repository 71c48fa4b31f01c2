/** What a cause is judged by: everything that was seen, and nothing that was guessed. */
import type { FailureFacts } from '../core/failure.ts'
import type { Role, Status } from '../core/report.ts'
import type { Transcript } from '../core/transcript.ts'

export interface Evidence {
  facts: FailureFacts
  role: Role
  checkId: string
  transcript: Transcript
  stdout: string
  stderr: string
  /** The program's sources, as far as they are known. */
  sources: string
  /** What became of the checks before this one. */
  verdicts: ReadonlyMap<string, Status>
  answeredAfterNewline?: boolean
  answeredAfterClose?: boolean
}
