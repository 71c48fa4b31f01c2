/** A client under test: started once for each of its checks. */
import { lookup } from 'node:dns/promises'
import { hostname } from 'node:os'
import { ClientStage, type ClientProgram } from '../check/client-stage.ts'
import type { ClientCheck } from '../check/exercise.ts'
import { Student } from '../check/student.ts'
import { PortTaken, type FailureFacts } from '../core/failure.ts'
import type { Address, Transport } from '../core/net.ts'
import type { Words } from '../core/words.ts'
import type { Startable } from '../program/build.ts'
import { listenerOn, mayBelongTo } from '../program/discover.ts'
import { describeExit, RunningProgram } from '../program/launch.ts'
import { portsIn } from '../program/port-literals.ts'
import { freePort } from '../wire/ports.ts'
import { endTimeWaits } from './time-wait.ts'
import { untilFree } from './until-free.ts'
import { TcpServer } from '../wire/tcp-server.ts'
import { UdpServer } from '../wire/udp-server.ts'
import { errorOf, toolsFor, type Attempt, type Tools } from './attempt.ts'
import type { Machine } from './machine.ts'

const HOST = '127.0.0.1'
/** How often a port that another grading has taken is waited for. */
const PORT_TRIES = 4
/** A client that shows no sign of life frees its place among the starting programs after so long. */
const AWAKE_MS = 1_000

export class ClientSession {
  readonly #startable: Startable
  readonly #transport: Transport
  readonly #machine: Machine
  readonly #signal: AbortSignal
  #prompts = ''
  /** Ports that the program may insist on. */
  readonly #literals: number[]
  /** Whether the program goes where it is told; undefined until it was seen. */
  #insists: boolean | undefined
  readonly notes = new Set<string>()
  command: readonly string[] | undefined

  constructor(startable: Startable, transport: Transport, machine: Machine, signal: AbortSignal) {
    this.#startable = startable
    this.#transport = transport
    this.#machine = machine
    this.#signal = signal
    this.#literals = portsIn(startable.sources)
  }

  /** Ports of the program's own choice that have to be free for it, until it has shown that it does as it is told. */
  get ownPorts(): readonly number[] {
    return this.#insists === false ? [] : this.#literals
  }

  /** One try at a check; when the program went to a port that was taken, again as soon as that is free. */
  async attempt(check: ClientCheck<never>, words: () => Words, stretch: number): Promise<Attempt> {
    let attempt = await this.#try(check, words, stretch)
    for (let again = 1; again <= PORT_TRIES && attempt.error instanceof PortTaken; again++) {
      if (!(await untilFree(this.#transport, attempt.error.port, this.#signal))) break
      attempt = await this.#try(check, words, stretch)
    }
    return attempt
  }

  async #try(check: ClientCheck<never>, words: () => Words, stretch: number): Promise<Attempt> {
    const tools = toolsFor(this.#signal, stretch)
    const startedAt = performance.now()
    const meeting = new Meeting(this.#startable, this.#transport, this.#machine, tools, {
      ownPorts: this.ownPorts,
      prompts: () => this.#prompts,
      learnPrompts: (prompts) => (this.#prompts = prompts),
    })
    const error = await errorOf(tools.steps, () =>
      check.run(new ClientStage<TcpServer | UdpServer>(meeting, words(), tools.steps) as never),
    )
    const durationMs = performance.now() - startedAt
    this.#learn(meeting)
    await meeting.end(error !== undefined)
    return { error, transcript: tools.transcript, durationMs, program: meeting.program, experiments: {} }
  }

  #learn({ given, server, program }: Meeting): void {
    this.command ??= program?.command
    const used = [...(server?.portsUsed ?? [])]
    if (used.length === 0) return
    this.#insists ??= !used.includes(given)
    const own = used.find((port) => port !== given)
    if (own !== undefined)
      this.notes.add(`The program ignores the port that it is given and goes to port ${own}. It was served there.`)
  }
}

interface MeetingOptions {
  ownPorts: readonly number[]
  prompts: () => string
  learnPrompts: (prompts: string) => void
}

/** One launch of a client, and the server that waits for it. */
class Meeting implements ClientProgram<TcpServer | UdpServer> {
  given = 0
  server: TcpServer | UdpServer | undefined
  program: RunningProgram | undefined
  readonly learnPrompts: (prompts: string) => void
  readonly #startable: Startable
  readonly #transport: Transport
  readonly #machine: Machine
  readonly #tools: Tools
  readonly #options: MeetingOptions
  /** Ports of the program's choice where somebody else listens: it may have gone there. */
  readonly #taken: PortTaken[] = []

  constructor(startable: Startable, transport: Transport, machine: Machine, tools: Tools, options: MeetingOptions) {
    this.#startable = startable
    this.#transport = transport
    this.#machine = machine
    this.#tools = tools
    this.#options = options
    this.learnPrompts = options.learnPrompts
  }

  async listen(): Promise<TcpServer | UdpServer> {
    const { patience, steps } = this.#tools
    const client = {
      hasEnded: () => this.program?.hasEnded ?? false,
      absence: () => this.#absence(),
      isSender: (port: number, sender: number) => this.#isSender(port, sender),
    }
    const Server = this.#transport === 'tcp' ? TcpServer : UdpServer
    const server = new Server(patience, steps, client)
    this.server = server
    for (let attempt = 1; ; attempt++) {
      this.given = await freePort(this.#transport)
      try {
        await server.listen({ address: HOST, port: this.given })
        break
      } catch (error) {
        if (attempt === 5) throw error
      }
    }
    for (const port of this.#options.ownPorts) {
      for (const address of await ownAddresses()) {
        await server.listen({ address, port }).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'EADDRINUSE')
            this.#taken.push(new PortTaken(port, listenerOn(this.#transport, port) ?? 'it has just ended'))
        })
      }
    }
    return server
  }

  async start(extra: readonly string[]): Promise<Student> {
    const { transcript, patience, steps } = this.#tools
    if (this.given === 0) this.given = await freePort(this.#transport)
    const target: Address = { address: HOST, port: this.given }
    const { scratch } = this.#machine
    const started = Promise.withResolvers<RunningProgram>()
    // The place among the starting programs is kept until this one is awake; the check goes on at once.
    this.#machine
      .launching(async () => {
        started.resolve(
          RunningProgram.launch({
            startable: this.#startable,
            args: [HOST, String(this.given), ...extra],
            target,
            scratch,
            transcript,
          }),
        )
        await started.promise
        await this.#awake()
      })
      .catch(started.reject)
    this.program = await started.promise
    this.#tools.watch(this.program)
    return new Student(this.program, patience, steps, this.#options.prompts)
  }

  /** Resolves when the program has done something that shows that it runs: then the next one may start. */
  #awake(): Promise<void> {
    const { transcript } = this.#tools
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        stop()
        resolve()
      }
      const timer = setTimeout(done, AWAKE_MS)
      const stop = transcript.onChange(() => {
        const last = transcript.entries.at(-1)
        if (last?.actor === 'program' || last?.what.startsWith('exits') || last?.what.startsWith('is ended')) done()
      })
    })
  }

  /** A port of the program's choice is no secret: another program on this machine may come to it as well. */
  #isSender(port: number, sender: number): boolean {
    const pid = this.program?.pid
    return port === this.given || pid === undefined || mayBelongTo(pid, this.#transport, sender)
  }

  #absence(): FailureFacts {
    const [taken] = this.#taken
    if (taken !== undefined) throw taken
    const exit = this.program?.exit
    const wire = this.#transport === 'tcp' ? 'connected' : 'sent a datagram'
    if (exit !== undefined) {
      return { reason: 'ended', summary: `The program ended before it ${wire} (it ${describeExit(exit)}).` }
    }
    return { reason: 'no-connection', summary: `The program runs, but it never ${wire}.` }
  }

  /** Ends everything; after a failure the program first gets a moment to say why. */
  async end(failed: boolean): Promise<void> {
    const { program } = this
    if (failed) await program?.lastWords()
    this.server?.dispose()
    await program?.stop()
    if (!(this.server instanceof TcpServer)) return
    // What we closed first is in TIME_WAIT on a port of the program's choice: its server may want it next.
    for (const port of this.server.portsUsed) if (port !== this.given) await endTimeWaits(port)
  }
}

/** Where a client may look for its server that ignores the address that it is given. */
async function ownAddresses(): Promise<string[]> {
  own ??= lookup(hostname())
    .then(({ address }) => [HOST, '::1', ...(address.startsWith('127.') && address !== HOST ? [address] : [])])
    .catch(() => [HOST, '::1'])
  return own
}

let own: Promise<string[]> | undefined
