/** Starts a program, watches it, ends it. */
import { symlink, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { execa } from 'execa'
import type { Address } from '../core/net.ts'
import type { Transcript } from '../core/transcript.ts'
import type { Startable } from './build.ts'
import { passedEnvironment } from './environment.ts'
import { IdleWatch } from './idle.ts'
import { living } from './living.ts'
import { Output } from './output.ts'
import type { Scratch } from './scratch.ts'
import { HAS_PROC, isAlive, LAUNCH_MARKER, markedProcesses, treeOf } from './tree.ts'

/** How a program ended. */
export interface Exit {
  code: number | undefined
  signal: string | undefined
}

export interface LaunchOptions {
  startable: Startable
  args: readonly string[]
  /** What the program finds in `HOST` and `PORT`. */
  target: Address
  scratch: Scratch
  transcript: Transcript
}

/** How long to wait after a program's end for output that others of its processes may still hold open. */
const ORPHAN_MS = 200

/** How long a program that has failed may take to end and to say why. */
const LAST_WORDS_MS = 100

let launches = 0

export class RunningProgram {
  readonly command: readonly string[]
  readonly stdout = new Output()
  readonly stderr = new Output()
  /** The working directory. */
  readonly folder: string
  exit: Exit | undefined
  /** True when it has ended and all that it wrote has been read. */
  hasEnded = false
  /** Where everything that the program does is written down; it changes from check to check. */
  transcript: Transcript
  readonly #process: ChildProcess
  readonly #marker: string
  readonly #idle: IdleWatch
  #ended: Promise<void> | undefined

  private constructor(options: LaunchOptions, folder: string) {
    const { startable, args, target } = options
    this.transcript = options.transcript
    this.folder = folder
    this.command = startable.command(args)
    this.#marker = `${LAUNCH_MARKER}=${process.pid}.${++launches}.${Date.now().toString(36)}`
    this.#idle = new IdleWatch(startable.sources, startable.sourcesAreComplete)
    const [file = '', ...rest] = this.command
    const subprocess = execa(file, rest, {
      cwd: folder,
      env: {
        ...passedEnvironment('program'),
        ...startable.env,
        HOME: folder,
        TMPDIR: folder,
        HOST: target.address,
        PORT: String(target.port),
        ...Object.fromEntries([this.#marker.split('=')]),
      },
      extendEnv: false,
      // A session of its own: its signals do not reach us, and its load does not slow us down (autogroup).
      detached: process.platform !== 'win32',
      cleanup: false,
      buffer: false,
      reject: false,
      windowsHide: true,
    })
    // The promise stays pending while an orphan holds the output; the events of the process say all we need.
    subprocess.catch(() => undefined)
    this.#process = subprocess.nodeChildProcess
    this.#watch()
    living.add(this)
  }

  /** Starts a program in a fresh working directory. */
  static async launch(options: LaunchOptions): Promise<RunningProgram> {
    const folder = await options.scratch.fresh()
    const { linked } = options.startable
    if (linked !== undefined) {
      for (const name of await readdir(linked)) await symlink(join(linked, name), join(folder, name))
    }
    options.transcript.record('process', 'starts')
    return new RunningProgram(options, folder)
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  #watch(): void {
    const child = this.#process
    // A program that ends before it has read what was typed is no error of ours.
    child.stdin?.on('error', () => undefined)
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('error', () => undefined)
      child[name]?.on('data', (bytes: Uint8Array) => {
        this[name].take(bytes)
        this.transcript.record(name, 'prints', { bytes })
      })
    }
    child.once('exit', (code, signal) => this.#ends({ code: code ?? undefined, signal: signal ?? undefined }))
    child.once('error', (error) => {
      if (this.exit !== undefined || child.pid !== undefined) return
      this.stderr.take(Buffer.from(`${error.message}\n`))
      this.#ends({ code: 127, signal: undefined })
    })
  }

  #ends(exit: Exit): void {
    this.exit = exit
    // Output that is still in the pipe comes before the end in the record. An orphan may keep the pipe open.
    const streams = [this.#process.stdout, this.#process.stderr].filter((stream) => stream?.closed === false)
    let timer: NodeJS.Timeout | undefined
    const done = (): void => {
      clearTimeout(timer)
      // What the program did on the wire before its end is in this turn of the event loop, and comes first.
      setImmediate(() => {
        if (this.hasEnded) return
        this.hasEnded = true
        this.transcript.record('process', describeExit(exit))
      })
    }
    timer = setTimeout(done, ORPHAN_MS)
    let open = streams.length
    if (open === 0) done()
    for (const stream of streams) stream?.once('close', () => --open === 0 && done())
  }

  /** Types on the program's keyboard. */
  write(text: string): void {
    this.transcript.record('grader', 'types', { bytes: Buffer.from(text) })
    this.#process.stdin?.write(text)
  }

  /** Ends the program's keyboard input. */
  endInput(): void {
    this.transcript.record('grader', 'ends the input')
    this.#process.stdin?.end()
  }

  /** True when the program waits without limit for something that only the grader can give. */
  isStuck(): boolean {
    return this.pid !== undefined && this.exit === undefined && this.#idle.isStuck(this.pid)
  }

  /** Sends a signal to every process of the program. */
  signal(name: NodeJS.Signals): void {
    const { pid } = this
    if (pid === undefined) return
    if (process.platform === 'win32') {
      this.#process.kill(name)
      return
    }
    // Children that left the group are looked up first: once their parent is gone, nothing leads to them.
    const others = HAS_PROC && this.exit === undefined ? treeOf(pid).slice(1) : []
    for (const id of [-pid, ...others]) {
      try {
        process.kill(id, name)
      } catch {
        // It has ended already.
      }
    }
  }

  /** Gives a program that has failed a moment to end and to say why. */
  lastWords(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        stop()
        resolve()
      }
      const timer = setTimeout(done, LAST_WORDS_MS)
      const stop = this.transcript.onChange(() => {
        if (this.hasEnded) done()
      })
      if (this.hasEnded) done()
    })
  }

  /** Ends every process of the program, also those that left its group, and resolves when none is alive. */
  stop(): Promise<void> {
    this.#ended ??= this.#stop()
    return this.#ended
  }

  async #stop(): Promise<void> {
    this.signal('SIGKILL')
    if (this.exit === undefined && this.pid !== undefined) {
      await new Promise<void>((resolve) => this.#process.once('exit', () => resolve()))
    }
    await this.#sweep()
    for (const stream of [this.#process.stdin, this.#process.stdout, this.#process.stderr]) stream?.destroy()
    living.delete(this)
  }

  /** Ends what escaped: daemons in sessions of their own still carry the launch's marker in their environment. */
  async #sweep(): Promise<void> {
    if (!HAS_PROC || this.pid === undefined) return
    for (let round = 0; round < 50; round++) {
      const left = markedProcesses(this.#marker, this.pid).filter(isAlive)
      if (left.length === 0) return
      for (const pid of left) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended already.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  /** For the end of our own process, when nothing can be awaited any more. */
  stopNow(): void {
    this.signal('SIGKILL')
    if (!HAS_PROC || this.pid === undefined) return
    for (const pid of markedProcesses(this.#marker, this.pid)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended already.
      }
    }
  }
}

/** How a program ended, in the third person. */
export function describeExit({ code, signal }: Exit): string {
  return signal === undefined ? `exits with ${code ?? 'no code'}` : `is ended by ${signal}`
}
