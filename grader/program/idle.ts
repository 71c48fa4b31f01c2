/**
 * Tells whether a program waits for something that only the grader can give: every thread of every process in its
 * tree sleeps in a system call without a time limit. Such a program does nothing more by itself, however long one
 * waits, so there is no need to wait (Linux; elsewhere the answer is always "perhaps not").
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { HAS_PROC, treeOf } from './tree.ts'

/** System calls that block; with the number of the argument that is a time limit, and what it is when there is none. */
type Blocking = Record<number, 'for ever' | { argument: number; none: 'null' | 'minus one' }>

const X64: Blocking = {
  0: 'for ever', // read
  43: 'for ever', // accept
  288: 'for ever', // accept4
  45: 'for ever', // recvfrom
  47: 'for ever', // recvmsg
  44: 'for ever', // sendto
  1: 'for ever', // write
  61: 'for ever', // wait4
  247: 'for ever', // waitid
  34: 'for ever', // pause
  7: { argument: 2, none: 'minus one' }, // poll
  271: { argument: 2, none: 'null' }, // ppoll
  23: { argument: 4, none: 'null' }, // select
  270: { argument: 4, none: 'null' }, // pselect6
  202: { argument: 3, none: 'null' }, // futex
  232: { argument: 3, none: 'minus one' }, // epoll_wait
  281: { argument: 3, none: 'minus one' }, // epoll_pwait
}

const ARM64: Blocking = {
  63: 'for ever', // read
  202: 'for ever', // accept
  242: 'for ever', // accept4
  207: 'for ever', // recvfrom
  212: 'for ever', // recvmsg
  206: 'for ever', // sendto
  64: 'for ever', // write
  260: 'for ever', // wait4
  95: 'for ever', // waitid
  73: { argument: 2, none: 'null' }, // ppoll
  72: { argument: 4, none: 'null' }, // pselect6
  98: { argument: 3, none: 'null' }, // futex
  22: { argument: 3, none: 'minus one' }, // epoll_pwait
}

const CALLS: Blocking | undefined = { x64: X64, arm64: ARM64 }[process.arch as string]

/** Words in a source that may set a time limit which the kernel does not show (SO_RCVTIMEO, alarm, setitimer). */
const HIDDEN_TIMERS = /timeo|alarm|itimer|timer_create|timerfd|timeval/i

/** How many looks in a row, one for each slice of a wait, have to find the same. */
const LOOKS = 3

export class IdleWatch {
  readonly #usable: boolean
  #before = ''
  #same = 0

  /**
   * @param sources the program's sources
   * @param complete whether they are all there is to the program
   */
  constructor(sources: string, complete: boolean) {
    this.#usable = HAS_PROC && CALLS !== undefined && complete && !HIDDEN_TIMERS.test(sources)
  }

  /** One look. True when the program has been found waiting without limit several times in a row, and has not moved. */
  isStuck(pid: number): boolean {
    if (!this.#usable) return false
    const now = snapshot(pid)
    this.#same = now !== undefined && now === this.#before ? this.#same + 1 : 1
    this.#before = now ?? ''
    return now !== undefined && this.#same >= LOOKS
  }
}

/** Where every thread of the tree waits, and how often each has been woken; undefined when one does not wait for ever. */
function snapshot(root: number): string | undefined {
  const places: string[] = []
  try {
    // The first thread of the first process tells in most cases that there is a time limit: then that was all.
    if (!waitsForEver(readFileSync(`/proc/${root}/syscall`, 'latin1').trim())) return undefined
    for (const pid of treeOf(root)) {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const folder = `/proc/${pid}/task/${thread}`
        const call = readFileSync(`${folder}/syscall`, 'latin1').trim()
        if (!waitsForEver(call)) return undefined
        const switches = /^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync(`${folder}/status`, 'latin1'))?.[1]
        places.push(`${thread}:${switches}:${call}`)
      }
      if (readdirSync(`/proc/${pid}/fd`).some((name) => isTimer(`/proc/${pid}/fd/${name}`))) return undefined
    }
  } catch {
    // A thread has just ended, or we may not look: then nothing is certain.
    return undefined
  }
  return places.join('\n')
}

function waitsForEver(call: string): boolean {
  const [number = '', ...args] = call.split(' ')
  const blocking = CALLS?.[Number(number)]
  if (blocking === undefined) return false
  if (blocking === 'for ever') return true
  const limit = args[blocking.argument] ?? ''
  return blocking.none === 'null' ? limit === '0x0' : /^0x(f{8}|f{16})$/.test(limit)
}

function isTimer(link: string): boolean {
  return readlinkSync(link).includes('timerfd')
}
