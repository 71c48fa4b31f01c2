/** Bytes, shown and compared: everything that a person reads about bytes goes through this file. */

const TEXT = new TextDecoder('utf-8', { fatal: true })

/** Most characters of a quotation; longer ones keep their beginning and their end. */
const QUOTE_LIMIT = 200

/** The bytes of a text in UTF-8; bytes are passed through. */
export function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data, 'utf8') : data
}

/** The text of the bytes, with U+FFFD for what is not UTF-8. */
export function textOf(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8')
}

/**
 * Makes one unit of text visible and inert: line ends as `\r` and `\n`, control characters and what
 * could move a cursor or reorder a line as `\xNN` or `\u{NNNN}`.
 */
function visible(character: string): string {
  switch (character) {
    case '\n':
      return String.raw`\n`
    case '\r':
      return String.raw`\r`
    case '\t':
      return String.raw`\t`
    case '\\':
      return String.raw`\\`
    case '"':
      return String.raw`\"`
  }
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return `\\x${hex(code)}`
  if (/[\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/u.test(character)) return `\\u{${code.toString(16)}}`
  return character
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

/**
 * The bytes as a list of printable units, one for each character (or byte, where they are not UTF-8),
 * each with the number of bytes that it stands for.
 */
function units(data: Uint8Array): { shown: string; length: number }[] {
  let text: string
  try {
    text = TEXT.decode(data)
  } catch {
    return Array.from(data, (byte) => ({
      shown: byte < 0x80 ? visible(String.fromCodePoint(byte)) : `\\x${hex(byte)}`,
      length: 1,
    }))
  }
  return Array.from(text, (character) => ({
    shown: visible(character),
    length: Buffer.byteLength(character),
  }))
}

/** The bytes between double quotes, control characters visible, shortened in the middle when long. */
export function quote(data: string | Uint8Array, limit = QUOTE_LIMIT): string {
  const bytes = bytesOf(data)
  const head = bytes.subarray(0, limit * 4)
  const shown = units(head).map((unit) => unit.shown)
  if (shown.length <= limit && head.length === bytes.length) return `"${shown.join('')}"`
  const kept = Math.floor(limit / 4)
  const tail = units(bytes.subarray(Math.max(bytes.length - kept, 0))).map((unit) => unit.shown)
  return `"${shown.slice(0, limit - kept).join('')}…${tail.join('')}" (${bytes.length} bytes)`
}

/** Text of a program made harmless for a terminal: control characters visible, line ends kept. */
export function printable(text: string): string {
  return Array.from(text.replaceAll('\r\n', '\n'), (character) =>
    character === '\n' || character === '\\' || character === '"' ? character : visible(character),
  ).join('')
}

/** Where two byte strings part: two quotations around that place, and the column of the first difference. */
export interface Difference {
  /** Offset in bytes of the first byte that differs. */
  offset: number
  /** What was expected from a little before that place on, quoted. */
  expected: string
  /** What came instead, quoted. */
  received: string
  /** Column in both quotations under which a caret belongs. */
  caret: number
}

/** Characters shown before and after the first difference. */
const CONTEXT = { before: 24, after: 36 }

/** The first difference of two byte strings, or undefined when they are equal. */
export function firstDifference(expected: Uint8Array, received: Uint8Array): Difference | undefined {
  const shorter = Math.min(expected.length, received.length)
  let offset = 0
  while (offset < shorter && expected[offset] === received[offset]) offset++
  if (offset === expected.length && offset === received.length) return undefined
  // Step back to the start of a UTF-8 sequence, so that both sides are cut at a character.
  let start = offset
  while (start > 0 && start > offset - 3 && isContinuation(expected[start] ?? received[start])) start--
  const from = stepBack(expected.length > received.length ? expected : received, start)
  const lead = units(expected.subarray(from, start))
  const prefix = `${from > 0 ? '…' : ''}"${lead.map((unit) => unit.shown).join('')}`
  return {
    offset,
    expected: prefix + after(expected, start),
    received: prefix + after(received, start),
    caret: prefix.length,
  }
}

function after(data: Uint8Array, start: number): string {
  const rest = units(data.subarray(start, start + CONTEXT.after * 4))
  const shown = rest.slice(0, CONTEXT.after).map((unit) => unit.shown)
  const more = start + rest.slice(0, CONTEXT.after).reduce((sum, unit) => sum + unit.length, 0) < data.length
  return `${shown.join('')}${more ? '…' : ''}"`
}

function stepBack(data: Uint8Array, start: number): number {
  let from = Math.max(0, start - CONTEXT.before)
  while (from < start && isContinuation(data[from])) from++
  return from
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
