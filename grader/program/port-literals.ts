/** Ports that a program may insist on: those that stand as numbers in its source. */
import { COURSE_PORTS } from '../core/net.ts'

/** No more than so many are served. */
const MOST = 8
/** Numbers that are sizes of buffers far more often than ports. */
const isSize = (number: number): boolean => (number & (number - 1)) === 0 || number === 65_535 || number % 1000 === 0

/** Numbers that are times, not ports. */
const TIMES = /(sleep|time_?out|alarm|delay|interval)\w*\s*[(=:]\s*[\d_.]+/gi

/** Port numbers (1024 to 65535) in a source, the course's own first. */
export function portsIn(sources: string): number[] {
  const withoutTimes = sources.replaceAll(TIMES, '')
  const numbers = new Set((withoutTimes.match(/(?<![\w.])\d{4,5}(?![\w.])/g) ?? []).map(Number))
  const others = [...numbers].filter((number) => number >= 1024 && number <= 65_535 && !isSize(number))
  const course = COURSE_PORTS.filter((port) => numbers.has(port))
  const round = [...numbers].filter((number) => number % 1000 === 0 && number >= 3000 && number <= 65_000)
  return [...new Set([...course, ...others, ...round])].slice(0, MOST)
}
