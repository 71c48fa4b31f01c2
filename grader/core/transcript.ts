/** The transcript: everything that happened in one check, with one clock, written down before it is judged. */

export type Actor = 'grader' | 'program' | 'stdout' | 'stderr' | 'process'

export interface Entry {
  /** Milliseconds since the check began. */
  atMs: number
  /** Who acted: our end, the program on the wire, its output streams, or the life of its process. */
  actor: Actor
  /** What was done, in the third person: `connects`, `sends`, `closes`, `exits with 1`. */
  what: string
  /** Our end of the wire that was concerned, such as `client 1`. */
  peer?: string
  /** The bytes, at most as many as the transcript keeps. */
  bytes?: Uint8Array
  /** How many bytes there were in truth. */
  length?: number
}

/** Bytes kept of one entry and of one transcript; beyond that only lengths are kept. */
const KEPT = { entry: 64 * 1024, transcript: 512 * 1024, entries: 5_000 }

export class Transcript {
  readonly entries: Entry[] = []
  /** Entries beyond the limit, counted but not kept. */
  omitted = 0
  readonly #startedAt = performance.now()
  readonly #listeners = new Set<() => void>()
  #keptBytes = 0

  /** Milliseconds since the transcript began. */
  now(): number {
    return performance.now() - this.#startedAt
  }

  /** Writes one entry down, then tells those who wait. */
  record(actor: Actor, what: string, details: { peer?: string; bytes?: Uint8Array } = {}): void {
    if (this.entries.length < KEPT.entries) this.entries.push(this.#entry(actor, what, details))
    else this.omitted++
    this.changed()
  }

  #entry(actor: Actor, what: string, { peer, bytes }: { peer?: string; bytes?: Uint8Array }): Entry {
    const entry: Entry = { atMs: this.now(), actor, what, ...(peer !== undefined && { peer }) }
    if (bytes !== undefined) {
      const room = Math.max(0, Math.min(KEPT.entry, KEPT.transcript - this.#keptBytes))
      // A copy: a view would keep the whole pooled buffer behind it alive.
      entry.bytes = Uint8Array.from(bytes.subarray(0, room))
      entry.length = bytes.length
      this.#keptBytes += entry.bytes.length
    }
    return entry
  }

  /** Calls the listener after every entry; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Lets everybody who waits look again. */
  changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
