/** What a program wrote to one of its output streams: the beginning and the end of it, whatever the amount. */

/** Bytes kept from the beginning and of the end. */
const KEPT = { head: 512 * 1024, tail: 64 * 1024 }

export class Output {
  /** How many bytes there were. */
  length = 0
  #head: Uint8Array[] = []
  #headLength = 0
  #tail = Buffer.alloc(0)
  #text: string | undefined

  take(bytes: Uint8Array): void {
    this.length += bytes.length
    this.#text = undefined
    const room = KEPT.head - this.#headLength
    if (room > 0) {
      this.#head.push(Uint8Array.from(bytes.subarray(0, room)))
      this.#headLength += Math.min(room, bytes.length)
    }
    if (bytes.length > room)
      this.#tail = Buffer.concat([this.#tail, bytes.subarray(Math.max(0, room))]).subarray(-KEPT.tail)
  }

  /** Forgets everything. */
  clear(): void {
    this.length = 0
    this.#head = []
    this.#headLength = 0
    this.#tail = Buffer.alloc(0)
    this.#text = undefined
  }

  /** The text, with U+FFFD for what is not UTF-8. */
  get text(): string {
    this.#text ??= Buffer.concat([...this.#head, this.#tail]).toString('utf8')
    return this.#text
  }
}
