/**
 * Causes that the evidence can prove, from the most certain to the least. Each is a sentence that says what was
 * seen and names the concept; never the solution. Where nothing fits, nothing is said.
 */
import { bytesOf, quote, textOf } from '../core/bytes.ts'
import type { Evidence } from './evidence.ts'

type Cause = (evidence: Evidence) => string | undefined

/** Text of a failure's expectation or reception. */
const text = (data: string | Uint8Array | undefined): string => (data === undefined ? '' : textOf(bytesOf(data)))
/** What the grader sent or typed in this check, in order. */
const said = ({ transcript }: Evidence): string[] =>
  transcript.entries.filter(({ actor, bytes }) => actor === 'grader' && bytes).map(({ bytes }) => text(bytes))

const CAUSES: readonly Cause[] = [
  ({ stderr }) =>
    /SyntaxError: Missing parentheses in call to 'print'|NameError: name '(raw_input|unicode|xrange)'/.test(stderr)
      ? 'This is Python 2 code; it was run with Python 3, where print is a function and raw_input is called input.'
      : undefined,

  ({ stderr }) =>
    /TypeError: (a bytes-like object is required, not 'str'|can't concat (str to bytes|bytes to str)|can only concatenate str \(not "bytes"\)|.*must be.*bytes.*str)/.test(
      stderr,
    )
      ? 'The traceback shows a TypeError: text (str) and bytes were mixed up. Sockets carry bytes; text has to be encoded and decoded.'
      : undefined,

  ({ stderr }) =>
    /UnicodeDecodeError|MalformedInputException|invalid byte sequence in UTF-8/.test(stderr)
      ? 'The program ended because bytes that came could not be decoded as text. The other side decides what it sends.'
      : undefined,

  ({ stderr }) => {
    if (!/address already in use|EADDRINUSE|address in use/i.test(stderr)) return undefined
    return 'The system said "address already in use": the port was still taken when the program wanted it.'
  },

  ({ stderr, checkId }) =>
    /ConnectionResetError|ECONNRESET|Connection reset|BrokenPipeError|EPIPE/i.test(stderr) &&
    /reset|leaving/.test(checkId)
      ? 'One client broke its connection off, and the error took the whole server with it.'
      : undefined,

  ({ answeredAfterNewline }) =>
    answeredAfterNewline
      ? 'When the grader sent a newline afterwards, the answer came at once: the program waits for a newline that nobody promised.'
      : undefined,

  ({ answeredAfterClose }) =>
    answeredAfterClose
      ? 'When the client closed its side, the answer came: the program reads until the end of the stream, but the client keeps it open to get the answer.'
      : undefined,

  (evidence) => {
    const { facts } = evidence
    const received = text(facts.received)
    if (facts.reason !== 'wrong' || received === '') return undefined
    if (
      said(evidence).some((sent) => sent.trim() === received.trim()) &&
      received.trim() !== text(facts.expected).trim()
    )
      return 'The sentence came back just as it was sent.'
    if (/^b'.*'$|^b".*"$/s.test(received.trim()))
      return "What came is Python's way to show bytes (b'…'), not the bytes themselves."
    return undefined
  },

  ({ facts }) => {
    const [expected, received] = [text(facts.expected), text(facts.received)]
    if (facts.reason !== 'wrong' || expected === '' || !received.startsWith(expected)) return undefined
    const surplus = received.slice(expected.length)
    const padding = surplus.replaceAll(/[\0 ]/g, '') === ''
    return padding
      ? `The right text came with ${surplus.length} bytes of padding behind it: a whole buffer was sent instead of what is in it.`
      : `The right text came, and ${surplus.length} bytes more: ${quote(surplus, 40)}.`
  },

  ({ facts }) => {
    const [expected, received] = [bytesOf(facts.expected ?? ''), bytesOf(facts.received ?? '')]
    if (!['wrong', 'partial', 'closed-early', 'reset'].includes(facts.reason)) return undefined
    const isBeginning = Buffer.compare(expected.subarray(0, received.length), received) === 0
    if (received.length === 0 || received.length >= expected.length || !isBeginning) return undefined
    return `Only the first ${received.length} of ${expected.length} bytes came back: what does not fit into a buffer of that size is not read.`
  },

  (evidence) => {
    const { facts, stdout } = evidence
    if (facts.reason !== 'not-printed') return undefined
    const pieces = evidence.transcript.entries
      .filter(({ actor, what, bytes }) => actor === 'grader' && what === 'sends' && bytes)
      .map(({ bytes }) => text(bytes))
    const [first, second] = pieces
    if (first !== undefined && second !== undefined && stdout.includes(first) && !stdout.includes(second))
      return `Of ${pieces.length} pieces only the first is on the screen: the program read once and took that for the whole reply.`
    return undefined
  },

  (evidence) => {
    const { facts, stdout } = evidence
    if (facts.reason !== 'not-printed') return undefined
    const typed = evidence.transcript.entries.find(({ what }) => what === 'types')?.bytes
    const sentence = text(typed).trim()
    if (sentence !== '' && stdout.includes(sentence.toUpperCase()))
      return 'The typed sentence is on the screen in upper case, but the server said something else: what is printed is not what came.'
    if (String.raw`${stdout}`.includes(String.raw`\x`))
      return 'The screen shows escapes such as \\xc3\\xa9: bytes were printed without being decoded.'
    return undefined
  },

  ({ facts, stdout, role }) =>
    facts.reason === 'not-printed' && role === 'client' && stdout.trim() === '' && facts.outOfTime !== true
      ? 'The reply arrived at the program, but nothing of it came out on standard output.'
      : undefined,

  (evidence) => {
    const { facts } = evidence
    if (facts.reason !== 'wrong') return undefined
    const received = text(facts.received).trim()
    const earlier = said(evidence)
      .slice(0, -1)
      .find((sent) => sent.trim().toUpperCase() === received)
    return earlier === undefined ? undefined : 'What came is the answer to an earlier sentence.'
  },

  ({ facts }) =>
    facts.reason === 'still-running' && facts.outOfTime === false
      ? 'The program waits in a system call that has no time limit, for something that will never come.'
      : undefined,

  ({ facts, role }) =>
    facts.reason === 'silent' && facts.outOfTime === false && role === 'server'
      ? 'All that was sent has arrived, and the program waits for more, without a time limit.'
      : undefined,
]

/** The first cause that the evidence proves. */
export function causeOf(evidence: Evidence): string | undefined {
  for (const cause of CAUSES) {
    const found = cause(evidence)
    if (found !== undefined) return found
  }
  return undefined
}
