/** What the grader says: random texts that no program can know beforehand. */
import type { Random } from './random.ts'

const SYLLABLES = ['ba', 'co', 'di', 'fu', 'ga', 'hel', 'jo', 'kin', 'lo', 'mar', 'ne', 'pi', 'quo', 'ru', 'sa', 'tem']
const ACCENTED = ['é', 'ü', 'ñ', 'ø', 'ç', 'å', 'ж', 'λ']

export class Words {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** One word of lower-case ASCII letters. */
  word(): string {
    const { length } = { length: this.#random.integer(2, 3) }
    return Array.from({ length }, () => this.#random.pick(SYLLABLES)).join('')
  }

  /** A sentence of 24 to 200 printable ASCII characters: words and single spaces. */
  sentence(): string {
    const words = Array.from({ length: this.#random.integer(5, 8) }, () => this.word())
    return this.#atLeast(24, words)
  }

  /** A sentence with digits and punctuation between its words; no quotes, no backslashes. */
  punctuated(): string {
    const number = this.#random.integer(100, 9999)
    const words = [this.word(), `${number},`, `${this.word()}-${this.word()}`, `(${this.word()}!)`, `#${this.word()}:`]
    return this.#atLeast(24, [...words, `${this.word()}; 50% of ${this.word()} @ ${this.#random.integer(2, 99)}.`])
  }

  /** A sentence with letters outside ASCII, each of which has one upper-case letter of its own. */
  accented(): string {
    const words = Array.from({ length: 5 }, () => this.word() + this.#random.pick(ACCENTED) + this.word())
    return this.#atLeast(24, words)
  }

  /** A sentence of exactly so many ASCII characters. */
  sentenceOf(length: number): string {
    let text = ''
    while (text.length < length) text += `${this.word()} `
    // The last character is a letter, so that nothing that trims spaces is in the way.
    return `${text.slice(0, length - 1)}z`
  }

  /** Bytes that are not UTF-8 in any reading (RFC 3629, section 3: FF and C0 never occur). */
  notUtf8(): Uint8Array {
    return Uint8Array.from([0xff, 0xc0, ...this.#random.bytes(6), 0xff])
  }

  #atLeast(length: number, words: string[]): string {
    while (words.join(' ').length < length) words.push(this.word())
    return words.join(' ')
  }
}
