/** A server under test: started once for all its checks, and again when a check asks for it or has spoilt it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerCheck } from '../check/exercise.ts'
import { ServerStage, type ServerProgram } from '../check/server-stage.ts'
import { Student } from '../check/student.ts'
import { CheckFailure, PortTaken } from '../core/failure.ts'
import type { Address, Transport } from '../core/net.ts'
import { LIMITS } from '../core/patience.ts'
import { Transcript } from '../core/transcript.ts'
import type { Words } from '../core/words.ts'
import type { Startable } from '../program/build.ts'
import { Discovery, listenerOn } from '../program/discover.ts'
import { reachableAddress } from '../program/endpoints.ts'
import { describeExit, RunningProgram } from '../program/launch.ts'
import { portsIn } from '../program/port-literals.ts'
import { freePort } from '../wire/ports.ts'
import type { TcpPeer } from '../wire/tcp-peer.ts'
import { errorOf, toolsFor, type Attempt, type Tools } from './attempt.ts'
import { experiment } from './experiments.ts'
import type { Machine } from './machine.ts'
import { endTimeWaits } from './time-wait.ts'
import { untilFree } from './until-free.ts'

/** How often a starting program is looked at, in milliseconds. */
const LOOK_MS = 1
const ADDRESS_IN_USE = /address already in use|EADDRINUSE|address in use|errno 48|errno 98|10048/i

interface Running {
  program: RunningProgram
  listening: Address
  /** The port that the program was given. */
  givenPort: number
}

export class ServerSession implements AsyncDisposable {
  readonly #startable: Startable
  readonly #transport: Transport
  readonly #machine: Machine
  readonly #signal: AbortSignal
  #running: Running | undefined
  /** The launch before a restart, until what it has left on its port is gone. */
  #before: Running | undefined
  /** Our clients of this launch. */
  #clients: TcpPeer[] = []
  /** What the program did besides listening where it was told; no deduction. */
  readonly notes = new Set<string>()
  /** A program that did not get ready: its output belongs to the failure. */
  #failedProgram: RunningProgram | undefined
  /** Resolves when the program has listened on the port that it was given. */
  readonly #obeys = Promise.withResolvers<void>()
  /** The command line of the last launch. */
  command: readonly string[] | undefined

  constructor(startable: Startable, transport: Transport, machine: Machine, signal: AbortSignal) {
    this.#startable = startable
    this.#transport = transport
    this.#machine = machine
    this.#signal = signal
  }

  /**
   * Runs the action while no other program of this run uses a port that this one may insist on. The ports are
   * free for others again as soon as the program has shown that it listens where it is told.
   */
  withOwnPorts(action: () => Promise<void>): Promise<void> {
    const ports = portsIn(this.#startable.sources)
    if (ports.length === 0) return action()
    return new Promise((resolve, reject) => {
      void this.#machine.withPorts(this.#transport, ports, async () => {
        const graded = action()
        graded.then(resolve, reject)
        await Promise.race([graded.catch(() => undefined), this.#obeys.promise])
      })
    })
  }

  /**
   * One try at a check. A program that failed it is not used again; and when it had served other checks before,
   * the verdict is that of a program of its own, so that no check pays for what another has left behind.
   */
  async attempt(check: ServerCheck, words: () => Words, stretch: number): Promise<Attempt> {
    const isReused = this.#running !== undefined
    const attempt = await this.#try(check, words(), stretch)
    return isReused && attempt.error instanceof CheckFailure ? this.#try(check, words(), stretch) : attempt
  }

  async #try(check: ServerCheck, words: Words, stretch: number): Promise<Attempt> {
    if (check.fresh === true) await this.#stop()
    const tools = toolsFor(this.#signal, stretch)
    const { transcript, patience, steps } = tools
    const startedAt = performance.now()
    let stage: ServerStage | undefined
    const error = await errorOf(steps, async () => {
      const running = await this.#ready(tools)
      stage = new ServerStage(this.#facade(running, tools), words, patience, steps)
      await check.run(stage)
    })
    const durationMs = performance.now() - startedAt
    const program = this.#running?.program ?? this.#failedProgram
    const peers = stage?.peers ?? []
    const failed = error !== undefined
    const experiments =
      error instanceof CheckFailure && program?.exit === undefined
        ? await experiment(error.facts, peers, transcript)
        : {}
    if (failed && program !== undefined) await program.lastWords()
    this.#clients.push(...peers)
    stage?.dispose({ reset: failed })
    if (failed || program?.exit !== undefined) await this.#stop()
    return { error, transcript, durationMs, program, experiments }
  }

  /** The program, listening; started when it is not there. */
  async #ready(tools: Tools): Promise<Running> {
    const { transcript } = tools
    this.#running ??= await this.#machine.launching(() => this.#launch(tools))
    this.#running.program.transcript = transcript
    this.#running.program.stdout.clear()
    this.#running.program.stderr.clear()
    tools.watch(this.#running.program)
    return this.#running
  }

  #facade(running: Running, tools: Tools): ServerProgram {
    const { patience, steps } = tools
    const facade: ServerProgram = {
      listening: running.listening,
      student: new Student(running.program, patience, steps, () => ''),
      restart: async () => {
        const { givenPort, listening } = running
        tools.transcript.record('grader', 'ends the program, to start it again at once')
        await running.program.stop()
        this.#running = undefined
        this.#before = running
        const again = await this.#machine.launching(() => this.#launchOnce(tools, givenPort))
        this.#running = again
        facade.listening = again.listening
        facade.student = new Student(again.program, patience, steps, () => '')
        if (again.listening.port === listening.port) return
        throw new CheckFailure({
          reason: 'not-started',
          summary: `The program listened on port ${listening.port} before, and on port ${again.listening.port} when it was started again.`,
        })
      },
    }
    return facade
  }

  /** Starts the program; a port that somebody else holds is no fault of its own. */
  async #launch(tools: Tools): Promise<Running> {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(this.#transport)
      try {
        return await this.#launchOnce(tools, port)
      } catch (error) {
        if (!(error instanceof CheckFailure)) throw error
        const addressInUse = ADDRESS_IN_USE.test(String(error.facts.received))
        if (attempt < 5 && addressInUse && (await this.#freePorts())) continue
        throw error
      }
    }
  }

  /**
   * Frees the ports of the program's choice from what earlier programs have left, and waits for what another
   * grading holds. False when there was nothing; throws when somebody keeps a port.
   */
  async #freePorts(): Promise<boolean> {
    const ports = portsIn(this.#startable.sources)
    let freed = false
    for (const port of ports) {
      const holder = listenerOn(this.#transport, port)
      if (holder === undefined) continue
      if (!(await untilFree(this.#transport, port, this.#signal))) throw new PortTaken(port, holder)
      freed = true
    }
    if (this.#transport === 'tcp') for (const port of ports) if ((await endTimeWaits(port)) > 0) freed = true
    return freed
  }

  async #launchOnce(tools: Tools, port: number): Promise<Running> {
    const target = { address: '127.0.0.1', port }
    const { transcript } = tools
    const { scratch } = this.#machine
    const program = await RunningProgram.launch({
      startable: this.#startable,
      args: [String(port)],
      target,
      scratch,
      transcript,
    })
    this.command = program.command
    tools.watch(program)
    try {
      const listening = await this.#listening(program, tools, port)
      transcript.record('process', `listens on port ${listening.port}`)
      if (listening.port === port) this.#obeys.resolve()
      else {
        this.notes.add(
          `The program ignores the port that it is given and listens on port ${listening.port}. It was graded there.`,
        )
      }
      return { program, listening, givenPort: port }
    } catch (error) {
      await program.lastWords()
      // What it printed belongs to the failure: nobody will ask this program again.
      this.#failedProgram = program
      await program.stop()
      throw error
    }
  }

  /** Waits until the program's own processes are bound; nobody connects to find out. */
  async #listening(program: RunningProgram, { patience, transcript }: Tools, givenPort: number): Promise<Address> {
    using discovery = new Discovery(program.pid ?? 0, this.#transport)
    let found: Address | undefined
    const looking = new AbortController()
    const look = async (): Promise<void> => {
      while (!looking.signal.aborted && found === undefined) {
        const endpoints = await discovery.look()
        found = endpoints.find(({ port }) => port === givenPort) ?? endpoints[0]
        if (found === undefined) await sleep(LOOK_MS)
      }
      transcript.changed()
    }
    const eye = look()
    try {
      const { address, port } = await patience.until(
        () => {
          if (found === undefined && program.hasEnded) throw new CheckFailure(this.#endedEarly(program))
          return found
        },
        LIMITS.start,
        () => ({
          reason: 'not-started',
          summary: `The program runs, but it does not ${this.#transport === 'tcp' ? 'listen on any TCP' : 'bind any UDP'} port.`,
        }),
      )
      return { address: reachableAddress(address), port }
    } finally {
      looking.abort()
      await eye
    }
  }

  #endedEarly(program: RunningProgram) {
    const exit = program.exit ?? { code: undefined, signal: undefined }
    return {
      reason: 'not-started' as const,
      summary: `The program ended before it was ready (it ${describeExit(exit)}).`,
      received: program.stderr.text || program.stdout.text,
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running ?? this.#before
    this.#running = undefined
    this.#before = undefined
    if (running === undefined) return
    // A reset leaves no TIME_WAIT behind.
    for (const client of this.#clients.splice(0)) client.dispose({ reset: true })
    await running.program.stop()
    running.program.transcript = new Transcript()
    // Only a program that insists on its port minds what is left on it.
    const { listening, givenPort } = running
    if (this.#transport === 'tcp' && listening.port !== givenPort) await endTimeWaits(listening.port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}
