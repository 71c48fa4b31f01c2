import { expect, test } from 'vitest'
import { firstDifference, printable, quote } from './bytes.ts'
import { CheckFailure } from './failure.ts'
import { Patience } from './patience.ts'
import { Random } from './random.ts'
import { Steps } from './step.ts'
import { Transcript } from './transcript.ts'
import { Words } from './words.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

test('the caret stands under the first byte that differs', () => {
  for (const [expected, received] of [
    ['HELLO', 'HELlO'],
    ['A\r\nB', 'A\nB'],
    ['ÄÖÜ', 'ÄÖü'],
    ['short', 'short and more'],
    ['x'.repeat(90) + 'Y', 'x'.repeat(90) + 'Z'],
    ['', 'x'],
  ] as const) {
    const difference = firstDifference(bytes(expected), bytes(received))
    const { caret = 0, expected: one = '', received: other = '' } = difference ?? {}
    expect(Array.from(one).slice(0, caret).join('')).toBe(Array.from(other).slice(0, caret).join(''))
    expect(Array.from(one).slice(caret, caret + 2)).not.toEqual(Array.from(other).slice(caret, caret + 2))
  }
  expect(firstDifference(bytes('same'), bytes('same'))).toBeUndefined()
})

test('quotations show line ends and everything that a terminal would obey', () => {
  expect(quote('a\r\n\u001B[31m\u202E"\\')).toBe(String.raw`"a\r\n\x1b[31m\u{202e}\"\\"`)
  expect(quote(Uint8Array.of(0xff, 0x41, 0))).toBe(String.raw`"\xffA\x00"`)
  expect(quote('x'.repeat(100_000)).length).toBeLessThan(300)
  expect(printable('one\ntwo\u0007')).toBe('one\ntwo\\x07')
})

test('core sentences keep to the contract, and a seed gives the same words again', () => {
  const words = new Words(new Random(1, 'x'))
  for (let draw = 0; draw < 500; draw++) {
    for (const sentence of [words.sentence(), words.punctuated()]) {
      expect(sentence).toMatch(/^[!-~]+( [!-~]+)*$/)
      expect(sentence).not.toMatch(/["'`\\]/)
      expect(sentence.length).toBeGreaterThanOrEqual(24)
      expect(sentence.length).toBeLessThanOrEqual(200)
      expect(sentence.toUpperCase()).not.toBe(sentence)
    }
    const accented = words.accented()
    expect(Array.from(accented.toUpperCase())).toHaveLength(Array.from(accented).length)
    expect(words.sentenceOf(1000)).toHaveLength(1000)
  }
  expect(new Words(new Random(5, 'a')).sentence()).toBe(new Words(new Random(5, 'a')).sentence())
  expect(new Words(new Random(5, 'a')).sentence()).not.toBe(new Words(new Random(6, 'a')).sentence())
})

function patience(options: { slowness?: number; canOnlyWait?: () => boolean; signal?: AbortSignal } = {}) {
  const transcript = new Transcript()
  const { slowness = 1, canOnlyWait = () => false, signal = new AbortController().signal } = options
  return {
    transcript,
    waits: new Patience(transcript, { signal, stretch: 1, slowness: async () => slowness, canOnlyWait }),
  }
}
const late = () => ({ reason: 'silent' as const, summary: 'late' })

test('a wait ends with the first entry that satisfies it', async () => {
  const { transcript, waits } = patience()
  const wait = waits.until(() => transcript.entries[1]?.what, 60_000, late)
  transcript.record('program', 'one')
  transcript.record('program', 'two')
  expect(await wait).toBe('two')
})

test('a wait that runs out says so, and lasts longer on a slow machine', async () => {
  const failure = await patience()
    .waits.until(() => undefined, 60, late)
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(CheckFailure)
  expect((failure as CheckFailure).facts.outOfTime).toBe(true)
  const startedAt = performance.now()
  await expect(patience({ slowness: 5 }).waits.until(() => undefined, 100, late)).rejects.toThrow('late')
  expect(performance.now() - startedAt).toBeGreaterThan(400)
})

test('a program that can only wait is not waited for, and time is not the reason', async () => {
  const failure = await patience({ canOnlyWait: () => true })
    .waits.until(() => undefined, 60_000, late)
    .catch((error: unknown) => error)
  expect((failure as CheckFailure).facts.outOfTime).toBe(false)
})

test('while a step of ours is under way, nobody is said to wait for ever', async () => {
  const { transcript, waits } = patience({ canOnlyWait: () => true })
  const wait = waits.until(() => transcript.entries[0]?.what, 60_000, late)
  await waits.pause(200)
  transcript.record('program', 'answers')
  expect(await wait).toBe('answers')
})

test('an end from outside ends every wait with its reason', async () => {
  const controller = new AbortController()
  const wait = patience({ signal: controller.signal }).waits.until(() => undefined, 60_000, late)
  controller.abort(new Error('stop'))
  await expect(wait).rejects.toThrow('stop')
})

test('a forgotten await is noticed, and an awaited step is not', async () => {
  const steps = new Steps()
  await steps.take('awaited', async () => 1)
  await Promise.all([steps.take('one of two', async () => 1), steps.take('two of two', async () => 2)])
  void steps.take('forgotten', async () => 3)
  expect(steps.forgotten()).toEqual(['forgotten'])
})

test('a transcript keeps a bounded number of bytes and entries', () => {
  const transcript = new Transcript()
  for (let entry = 0; entry < 6000; entry++) transcript.record('stdout', 'prints', { bytes: new Uint8Array(1000) })
  expect(transcript.entries).toHaveLength(5000)
  expect(transcript.omitted).toBe(1000)
  expect(transcript.entries.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)).toBeLessThanOrEqual(512 * 1024)
  expect(transcript.entries.at(-1)?.length).toBe(1000)
})
