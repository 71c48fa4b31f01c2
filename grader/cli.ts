/** The command line: arguments in, exit code out. The only file that writes to standard output. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { UsageError } from './core/failure.ts'
import { stopAllNow } from './program/living.ts'
import { VERSION } from './run/version.ts'

/** A signal's exit code, as shells count it. */
const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Runs a command line and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  endWithSignals()
  try {
    await commands().parseAsync([...argv], { from: 'user' })
  } catch (error) {
    process.exitCode = 2
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) process.exitCode = 0
      return
    }
    const words =
      error instanceof UsageError
        ? error.message
        : `The grader itself failed: ${(error as Error).stack ?? String(error)}`
    process.stderr.write(`${words}\n`)
  }
}

/** Whatever ends us, nothing of ours is left behind. */
function endWithSignals(): void {
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT)) {
    process.once(signal, () => {
      stopAllNow()
      process.exit(exitCode)
    })
  }
  process.on('uncaughtException', (error) => {
    stopAllNow()
    process.stderr.write(`The grader itself failed: ${error.stack ?? error.message}\n`)
    process.exit(2)
  })
  process.on('exit', stopAllNow)
}

const print = (text: string): void => void process.stdout.write(text)

function commands(): Command {
  const program = new Command('wiregrade')
  program.description('Grades programs that talk over sockets.').version(VERSION).exitOverride()
  program
    .command('grade')
    .description('grade a submission: a folder with one folder for each exercise')
    .argument('[submission]', 'the folder', 'assignments')
    .option('-e, --exercise <id>', 'only this exercise (may be given several times)', collect, [])
    .addOption(new Option('--role <role>', 'only this program').choices(['client', 'server']))
    .option('--check <id>', 'only this check (may be given several times)', collect, [])
    .option('--reporter <name[=file]>', 'terminal, json or junit; to a file, or to standard output', collect, [])
    .option('--seed <number>', 'repeat a run with its random texts', seed)
    .option('--watch', 'grade again on every save')
    .option('--list', 'list exercises and checks with their points')
    .option('--no-color', 'no colours')
    .action(async (submission: string, options: GradeArguments) => {
      const { grade } = await import('./run/grade-command.ts')
      process.exitCode = await grade(submission, options, {
        print,
        isTerminal: process.stdout.isTTY,
        warn: (text) => void process.stderr.write(text),
      })
    })
  program
    .command('verify')
    .description('the grader grades itself: references, mutants, and what must earn nothing')
    .option('-e, --exercise <id>', 'only this exercise (may be given several times)', collect, [])
    .action(async (options: { exercise: string[] }) => {
      const { verify } = await import('./verify/verify.ts')
      process.exitCode = await verify(options.exercise, print)
    })
  program
    .command('bench')
    .description('what grading costs, against a floor measured in the same run')
    .option('--rounds <number>', 'how many rounds; medians are printed', seed, 5)
    .action(async ({ rounds }: { rounds: number }) => {
      const { bench } = await import('./bench/bench.ts')
      process.exitCode = await bench(rounds, print)
    })
  program
    .command('soak')
    .description('grade the references many times, half of the runs beside CPU hogs: no point may be lost')
    .option('--runs <number>', 'how many gradings', seed, 200)
    .action(async ({ runs }: { runs: number }) => {
      const { soak } = await import('./bench/soak.ts')
      process.exitCode = await soak(runs, print)
    })
  program
    .command('fuzz')
    .description('grade programs that misbehave at random: the grader has to stay sound')
    .option('--minutes <number>', 'how long', Number, 10)
    .option('--seed <number>', 'the first seed', seed, 1)
    .action(async (options: { minutes: number; seed: number }) => {
      const { fuzz } = await import('./bench/fuzz.ts')
      process.exitCode = await fuzz(options.minutes, options.seed, print)
    })
  for (const command of program.commands) command.exitOverride().showHelpAfterError('(--help shows what there is)')
  return program
}

export interface GradeArguments {
  exercise: string[]
  role?: 'client' | 'server'
  check: string[]
  reporter: string[]
  seed?: number
  watch?: boolean
  list?: boolean
  color: boolean
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

function seed(value: string): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new InvalidArgumentError('It must be a whole number from 0 on.')
}
