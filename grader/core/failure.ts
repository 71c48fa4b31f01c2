/** Failure: the only way in which a check costs a student points. */

/** What was seen, told apart by evidence. */
type Reason =
  | 'not-started' // the program could not be built, ended before it was ready, or never listened
  | 'ended' // the program ended in the middle of the conversation
  | 'no-connection' // a client never came
  | 'refused' // nobody accepts where the program listened before
  | 'silent' // accepted, but nothing came back
  | 'partial' // the beginning of the right answer came, then no more
  | 'wrong' // something else came
  | 'unexpected' // something came where nothing belongs
  | 'closed-early' // the connection ended before the answer was complete
  | 'reset' // the same, with a reset
  | 'wrong-sender' // a datagram came from an address or port that was not asked
  | 'still-open' // the connection was not closed
  | 'still-running' // the program did not end
  | 'wrong-exit' // it ended with the wrong exit code
  | 'not-printed' // the text that belongs on the screen is not there
  | 'no-message' // it ended without a word about what went wrong

export interface FailureFacts {
  reason: Reason
  /** One sentence in the student's words: what was seen. */
  summary: string
  expected?: string | Uint8Array
  received?: string | Uint8Array
  /** Who at our end saw it, such as `client 1`. */
  peer?: string
  /** True when nothing but a time limit stands behind it. */
  outOfTime?: boolean
}

/** Thrown by what a check says. Anything else that is thrown is the grader's own fault (`broken`). */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure'
  readonly facts: FailureFacts

  constructor(facts: FailureFacts, options?: ErrorOptions) {
    super(facts.summary, options)
    this.facts = facts
  }
}

/** A mistake of the person at the command line: one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The machine lacks something, such as an interpreter: `broken`, never the student's fault. */
export class MachineError extends Error {
  override readonly name = 'MachineError'
}

/** A program insists on a port that somebody else has. */
export class PortTaken extends MachineError {
  readonly port: number

  constructor(port: number, holder: string) {
    super(
      `Port ${port}, which the program insists on, is taken by another program on this machine (${holder}). ` +
        'Perhaps you have left one running in another window: end it and grade again.',
    )
    this.port = port
  }
}
