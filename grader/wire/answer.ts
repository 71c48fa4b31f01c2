/** Matches a stream of bytes against an answer, telling "not complete yet" from "wrong". */

/** Bytes kept to show what came, beyond the length of what was expected. */
const SURPLUS_KEPT = 4096

export type AnswerState = 'incomplete' | 'complete' | 'wrong'

const LINE_ENDS = ['\n', '\r\n']

export class AnswerMatcher {
  readonly expected: Uint8Array
  state: AnswerState
  /** Once complete: what may still follow, each a line end or the rest of one. */
  mayFollow: readonly string[] = []
  readonly #lineEnds: readonly string[]
  readonly #chunks: Uint8Array[] = []
  #length = 0

  /** @param lineEnd whether one line end may follow the answer */
  constructor(expected: Uint8Array, lineEnd: boolean) {
    this.expected = expected
    this.#lineEnds = lineEnd ? LINE_ENDS : []
    this.state = expected.length === 0 ? 'complete' : 'incomplete'
  }

  /** What came so far, perhaps shortened at its end. */
  get received(): Uint8Array {
    return Buffer.concat(this.#chunks)
  }

  /** Takes the next bytes. More than the answer (and its line end) is wrong. */
  take(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      this.#judge(chunk)
      const room = this.expected.length + SURPLUS_KEPT - this.#length
      if (room > 0) this.#chunks.push(chunk.subarray(0, room))
      this.#length += chunk.length
    }
  }

  #judge(chunk: Uint8Array): void {
    if (this.state === 'wrong') return
    const inside = Math.max(0, Math.min(chunk.length, this.expected.length - this.#length))
    const wanted = this.expected.subarray(this.#length, this.#length + inside)
    if (Buffer.compare(chunk.subarray(0, inside), wanted) !== 0) {
      this.state = 'wrong'
      return
    }
    if (this.#length + chunk.length < this.expected.length) return
    const surplus = Buffer.concat([...this.#chunks, chunk])
      .subarray(this.expected.length)
      .toString('latin1')
    const fitting = this.#lineEnds.filter((lineEnd) => lineEnd.startsWith(surplus))
    this.state = surplus === '' || fitting.length > 0 ? 'complete' : 'wrong'
    this.mayFollow = fitting.map((lineEnd) => lineEnd.slice(surplus.length)).filter((rest) => rest !== '')
  }
}
