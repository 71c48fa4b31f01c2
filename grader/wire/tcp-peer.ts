/** One end of a TCP connection: ours. What it does and what it sees is recorded. */
import type { Socket } from 'node:net'
import { bytesOf, quote } from '../core/bytes.ts'
import { CheckFailure, type FailureFacts } from '../core/failure.ts'
import { LIMITS, type Patience } from '../core/patience.ts'
import type { Steps } from '../core/step.ts'
import { AnswerMatcher } from './answer.ts'

/** How the other side ended the connection. */
type Ending = 'closed' | 'reset'

/** Bytes kept of what nobody has asked for yet. */
const UNREAD_LIMIT = 8 * 1024 * 1024
/** A wrong answer is watched for so long after its first wrong byte, so that the message can show all of it. */
const REST_MS = 50

export class TcpPeer {
  readonly name: string
  /** The port at our end; the program knows us by it. */
  readonly localPort: number
  /** How the other side ended the connection, if it has. */
  ending: Ending | undefined
  /** Everything that came and was not asked for yet. */
  #unread: Uint8Array[] = []
  #unreadLength = 0
  /** What may still follow the last answer without being wrong: a line end, or the rest of one. */
  #lineEnds: readonly string[] = []
  readonly #socket: Socket
  readonly #patience: Patience
  readonly #steps: Steps
  #finished = false

  /** @param socket a connected socket with `allowHalfOpen`; nothing has been read from it yet */
  constructor(name: string, socket: Socket, patience: Patience, steps: Steps) {
    this.name = name
    this.localPort = socket.localPort ?? 0
    this.#socket = socket
    this.#patience = patience
    this.#steps = steps
    socket.setNoDelay(true)
    // Attached at once and never paused: what came before a reset would be lost otherwise.
    socket.on('data', (bytes) => {
      this.#keep(bytes)
      patience.transcript.record('program', 'sends', { peer: name, bytes })
    })
    socket.on('end', () => {
      this.ending ??= 'closed'
      patience.transcript.record('program', 'closes', { peer: name })
    })
    socket.on('error', () => {
      // After our own close or reset an error says nothing about the program.
      if (this.#finished || this.ending !== undefined) return
      this.ending = 'reset'
      patience.transcript.record('program', 'resets', { peer: name })
    })
  }

  /** True when the program has sent something that no step has taken yet. */
  get hasUnread(): boolean {
    return this.#unreadLength > 0
  }

  /** Sends the bytes; resolves when the kernel has taken them, or the connection is gone. */
  sends(data: string | Uint8Array): Promise<void> {
    return this.#steps.take(`${this.name}.sends`, () => this.#write(data))
  }

  /** Sends bytes to find out more after a failure; whether they are taken does not matter. */
  tries(data: string): void {
    this.#patience.transcript.record('grader', 'tries to send', { peer: this.name, bytes: bytesOf(data) })
    this.#socket.write(data)
  }

  async #write(data: string | Uint8Array): Promise<void> {
    const bytes = bytesOf(data)
    let taken = false
    this.#patience.transcript.record('grader', 'sends', { peer: this.name, bytes })
    this.#socket.write(bytes, () => {
      taken = true
      this.#patience.transcript.changed()
    })
    await this.#patience.until(
      () => taken || undefined,
      LIMITS.answer,
      () => ({
        reason: 'silent',
        summary: `The program does not read: ${this.#socket.writableLength} bytes for it are waiting.`,
        peer: this.name,
      }),
    )
  }

  /** Sends the pieces with a pause between them, so that they travel apart. */
  sendsInPieces(pieces: readonly (string | Uint8Array)[], pauseMs = 50): Promise<void> {
    return this.#steps.take(`${this.name}.sendsInPieces`, () =>
      this.#patience.ownStep(
        (async () => {
          for (const [index, piece] of pieces.entries()) {
            if (index > 0) await this.#patience.pause(pauseMs)
            await this.#write(piece)
          }
        })(),
      ),
    )
  }

  /** Sends one byte at a time, a millisecond apart. */
  dribbles(data: string | Uint8Array): Promise<void> {
    return this.sendsInPieces(
      Array.from(bytesOf(data), (byte) => Uint8Array.of(byte)),
      1,
    )
  }

  /** Closes our side; the program reads the end of the stream, and may still send (a half-close). */
  halfCloses(): void {
    this.#patience.transcript.record('grader', 'closes its side', { peer: this.name })
    this.#socket.end()
  }

  /** Closes the connection normally. */
  closes(): void {
    this.#patience.transcript.record('grader', 'closes', { peer: this.name })
    this.#finished = true
    this.#socket.end()
  }

  /** Ends the connection with a reset (RFC 9293, section 3.5.2). */
  resets(): void {
    this.#patience.transcript.record('grader', 'resets', { peer: this.name })
    this.#finished = true
    this.#reset()
  }

  /**
   * The next bytes are exactly these.
   * @param lineEnd whether one line end may follow them
   */
  receives(expected: string | Uint8Array, { lineEnd = false, limitMs = LIMITS.answer } = {}): Promise<void> {
    return this.#steps.take(`${this.name}.receives`, async () => {
      const matcher = new AnswerMatcher(bytesOf(expected), lineEnd)
      try {
        await this.#patience.until(
          () => {
            matcher.take(this.#takeUnread())
            if (matcher.state === 'complete') {
              this.#lineEnds = matcher.mayFollow
              return true
            }
            if (matcher.state === 'wrong') throw new CheckFailure(this.#mismatch(matcher))
            if (this.ending !== undefined) throw new CheckFailure(this.#mismatch(matcher))
            return undefined
          },
          limitMs,
          () => this.#mismatch(matcher),
        )
      } catch (error) {
        if (!(error instanceof CheckFailure) || matcher.state !== 'wrong' || this.ending !== undefined) throw error
        await this.#patience.pause(REST_MS)
        matcher.take(this.#takeUnread())
        throw new CheckFailure(this.#mismatch(matcher), { cause: error })
      }
    })
  }

  /** The next bytes up to and without a line feed, as text; a carriage return before it is removed too. */
  receivesLine({ limitMs = LIMITS.answer } = {}): Promise<string> {
    return this.#steps.take(`${this.name}.receivesLine`, () =>
      this.#patience.until(
        () => {
          const bytes = Buffer.concat(this.#unread)
          const end = bytes.indexOf(0x0a)
          if (end >= 0) {
            this.#takeUnread()
            this.#putBack(bytes.subarray(end + 1))
            return bytes.subarray(0, end).toString('utf8').replace(/\r$/, '')
          }
          if (this.ending !== undefined) throw new CheckFailure(this.#noLine(bytes))
          return undefined
        },
        limitMs,
        () => this.#noLine(Buffer.concat(this.#unread)),
      ),
    )
  }

  /** Something comes, whatever it is, or the program closes its side. */
  receivesSome({ limitMs = LIMITS.answer } = {}): Promise<void> {
    return this.#steps.take(`${this.name}.receivesSome`, async () => {
      await this.#patience.until(
        () => this.#takeUnread().length > 0 || this.ending !== undefined || undefined,
        limitMs,
        () => ({ reason: 'silent', summary: `${capital(this.name)} was made, but nothing came.`, peer: this.name }),
      )
    })
  }

  /** Nothing has come that was not asked for. */
  hasNothingMore(): void {
    this.#skipLineEnd()
    if (this.#unreadLength > 0) throw new CheckFailure(this.#tooMuch())
  }

  /** The program closes its side; a reset after everything was read counts as a close. Nothing more may come before. */
  seesClose({ limitMs = LIMITS.answer } = {}): Promise<void> {
    return this.#steps.take(`${this.name}.seesClose`, () =>
      this.#patience.when(
        () => {
          this.hasNothingMore()
          return this.ending === undefined ? undefined : true
        },
        limitMs,
        () => ({
          reason: 'still-open',
          summary: `The program left ${this.name} open; it was to close the connection.`,
          peer: this.name,
        }),
      ),
    )
  }

  /** For so long (in milliseconds) nothing comes. */
  receivesNothing(durationMs: number): Promise<void> {
    return this.#steps.take(`${this.name}.receivesNothing`, async () => {
      await this.#patience.pause(durationMs)
      this.hasNothingMore()
    })
  }

  /** Ends the connection without a word in the transcript. */
  dispose({ reset = false } = {}): void {
    this.#finished = true
    if (reset) this.#reset()
    else this.#socket.end()
  }

  /** A reset while a close is still on its way to the kernel would be refused (EINVAL) and leave the socket behind. */
  #reset(): void {
    const socket = this.#socket
    if (socket.destroyed) return
    if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => socket.resetAndDestroy())
    else socket.resetAndDestroy()
  }

  #keep(bytes: Uint8Array): void {
    if (this.#unreadLength >= UNREAD_LIMIT) return
    this.#unread.push(bytes)
    this.#unreadLength += bytes.length
  }

  /** Drops the line end that may follow the last answer. */
  #skipLineEnd(): void {
    for (const byte of '\r\n') {
      const next = this.#unread[0]
      if (next === undefined || this.#lineEnds.length === 0) return
      if (next[0] !== byte.charCodeAt(0)) continue
      this.#lineEnds = this.#lineEnds.filter((end) => end.startsWith(byte)).map((end) => end.slice(1))
      if (this.#lineEnds.length === 0) return
      this.#unread[0] = next.subarray(1)
      if (next.length === 1) this.#unread.shift()
      this.#unreadLength--
    }
    if (this.#unreadLength > 0) this.#lineEnds = []
  }

  /** Takes what came; the caller judges it. */
  #takeUnread(): Uint8Array[] {
    this.#skipLineEnd()
    const taken = this.#unread
    this.#unread = []
    this.#unreadLength = 0
    return taken
  }

  #putBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#unread.unshift(bytes)
    this.#unreadLength += bytes.length
  }

  #mismatch(matcher: AnswerMatcher): FailureFacts {
    const { expected, received, state } = matcher
    const facts = { expected, received, peer: this.name }
    const after = received.length > 0 ? `after ${quote(received, 60)}` : 'before any answer'
    if (state === 'wrong') return { ...facts, reason: 'wrong', summary: `${capital(this.name)} got a wrong answer.` }
    if (this.ending === 'closed')
      return { ...facts, reason: 'closed-early', summary: `The connection was closed ${after}.` }
    if (this.ending === 'reset') return { ...facts, reason: 'reset', summary: `The connection was reset ${after}.` }
    if (received.length > 0)
      return { ...facts, reason: 'partial', summary: `Only the beginning of the answer came: ${quote(received, 60)}.` }
    return { ...facts, reason: 'silent', summary: `${capital(this.name)} was connected, but no answer came.` }
  }

  #tooMuch(): FailureFacts {
    const received = Buffer.concat(this.#takeUnread())
    return {
      reason: 'unexpected',
      summary: `${capital(this.name)} got more than the answer: ${quote(received, 60)}.`,
      expected: '',
      received,
      peer: this.name,
    }
  }

  #noLine(received: Uint8Array): FailureFacts {
    const facts = { received, peer: this.name }
    if (this.ending !== undefined)
      return { ...facts, reason: 'closed-early', summary: `The connection ended before a whole line had come.` }
    if (received.length > 0)
      return { ...facts, reason: 'partial', summary: `A line without an end came: ${quote(received, 60)}.` }
    return { ...facts, reason: 'silent', summary: `${capital(this.name)} was connected, but nothing came.` }
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
