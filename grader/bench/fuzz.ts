/** `wiregrade fuzz`: grades programs that misbehave at random. The grader has to stay sound, whatever they do. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../core/random.ts'
import { Report } from '../core/report.ts'
import { programsOf } from '../core/score.ts'
import { EXERCISES } from '../exercises/index.ts'
import { abandonedProcesses, isAlive, markedProcesses } from '../program/tree.ts'
import { gradeSubmission } from '../run/grade-submission.ts'

/** No grading of four programs may take longer than this, whatever they do, in milliseconds. */
const LIMIT_MS = 240_000

/** Steps of a misbehaving Python program; `c` is its connection or socket, if it has one. */
const STEPS = [
  'print("garbage " * 50)',
  'sys.stdout.buffer.write(os.urandom(4096)); sys.stdout.flush()',
  'sys.stderr.write("\\x1b]0;x\\x07::error::oops ]]> <script>\\n")',
  'flood()',
  'time.sleep(0.05)',
  'sys.exit(random.randrange(256))',
  'os._exit(1)',
  'os.kill(os.getpid(), 11)',
  'os.close(random.randrange(8))',
  'sys.stdin.readline()',
  'talk(os.urandom(random.randrange(5000)))',
  'talk(b"HELLO\\n")',
  'hear()',
  'hear()',
  'bye()',
  'reset()',
  'fork()',
  'raise RuntimeError("on purpose")',
]

const PRELUDE = (server: boolean, tcp: boolean, seed: number): string => `import os, random, socket, struct, sys, time
random.seed(${seed})
c = None
def flood():
    for _ in range(2000):
        print("flood " * 100)
def talk(data):
    if c is not None: ${tcp ? 'c.sendall(data)' : 'c.sendto(data, peer)'}
def hear():
    global peer
    if c is not None: ${tcp ? 'c.recv(1024)' : 'peer = c.recvfrom(2048)[1]'}
def bye():
    if c is not None: c.close()
def reset():
    if c is not None:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        c.close()
def fork():
    if os.fork() == 0:
        os.setsid()
        time.sleep(30)
        os._exit(0)
s = socket.socket(socket.AF_INET, socket.${tcp ? 'SOCK_STREAM' : 'SOCK_DGRAM'})
peer = ("127.0.0.1", int(sys.argv[-1]))
${server ? `s.bind(("", int(sys.argv[1])))\n${tcp ? 's.listen(5)' : 'c = s'}` : tcp ? 'if random.random() < 0.9:\n    s.connect(peer)\n    c = s' : 'c = s'}
`

/**
 * @param minutes how long to go on
 * @returns 0 when the grader kept its promises, otherwise 1
 */
export async function fuzz(minutes: number, firstSeed: number, print: (text: string) => void): Promise<number> {
  const until = performance.now() + minutes * 60_000
  let faults = 0
  let programs = 0
  let longestMs = 0
  const complain = (seed: number, what: string): void => {
    faults++
    print(`seed ${seed}: ${what}\n`)
  }
  for (let seed = firstSeed; performance.now() < until; seed++) {
    const folder = await mkdtemp(join(tmpdir(), 'wiregrade-fuzz-'))
    try {
      await writePrograms(folder, seed)
      const { signal } = new AbortController()
      const report = Report.parse(await gradeSubmission(folder, { seed, exercises: EXERCISES, signal }))
      programs += programsOf(report).length
      longestMs = Math.max(longestMs, report.durationMs)
      if (report.durationMs > LIMIT_MS) complain(seed, `took ${report.durationMs} ms`)
      for (const { exercise, program } of programsOf(report))
        for (const { id, status, failure } of program.checks)
          if (status === 'broken')
            complain(seed, `${exercise.id} ${program.role} ${id} is broken: ${failure?.summary} ${failure?.lastWords}`)
    } catch (error) {
      complain(seed, `the grader threw ${(error as Error).stack}`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    const left = [...markedProcesses(`WIREGRADE_LAUNCH=${process.pid}.`, 0), ...abandonedProcesses()].filter(isAlive)
    if (left.length > 0) complain(seed, `left processes ${left.join(', ')}`)
  }
  print(`${programs} programs, the longest grading of four took ${Math.round(longestMs / 1000)} s, ${faults} faults\n`)
  return faults === 0 ? 0 : 1
}

async function writePrograms(folder: string, seed: number): Promise<void> {
  for (const { id, transport } of EXERCISES) {
    await mkdir(join(folder, id))
    for (const role of ['client', 'server'] as const) {
      const random = new Random(seed, id, role)
      const tcp = transport === 'tcp'
      const steps = Array.from({ length: random.integer(1, 12) }, () => random.pick(STEPS))
      const accepts = role === 'server' && tcp ? ['    c = s.accept()[0]'] : []
      const body = [
        'for turn in range(200):',
        ...accepts,
        ...steps.map((step) => `    ${step}`),
        '    time.sleep(0.001)',
      ]
      await writeFile(join(folder, id, `${role}.py`), `${PRELUDE(role === 'server', tcp, seed)}${body.join('\n')}\n`)
    }
  }
}
