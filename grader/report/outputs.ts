/** Where reports go: each reporter's text to standard output or, whole or not at all, to a file. */
import { access, constants, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { closestMatch } from 'leven'
import { UsageError } from '../core/failure.ts'
import type { Report } from '../core/report.ts'
import { REPORTERS, type Reporter } from './index.ts'

export interface Output {
  name: string
  file: string | undefined
  reporter: Reporter
}

/**
 * The outputs that `NAME[=FILE]` texts ask for.
 * @throws UsageError for an unknown reporter or a file that cannot be written, before anything is graded
 */
export async function outputsFor(wanted: readonly string[]): Promise<Output[]> {
  const outputs: Output[] = []
  for (const text of wanted) {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? []
    const load = Object.hasOwn(REPORTERS, name) ? REPORTERS[name] : undefined
    if (load === undefined) throw new UsageError(`There is no reporter "${name}"; ${suggestion(name)}`)
    if (file !== undefined) await mustBeWritable(name, file)
    outputs.push({ name, file, reporter: await load() })
  }
  return outputs
}

function suggestion(name: string): string {
  const match = closestMatch(name, Object.keys(REPORTERS), { maxDistance: 3 })
  return match === undefined ? `there are ${Object.keys(REPORTERS).join(', ')}.` : `did you mean "${match}"?`
}

async function mustBeWritable(name: string, file: string): Promise<void> {
  const path = resolve(file)
  const stats = await stat(path).catch(() => undefined)
  const reason =
    file === ''
      ? 'its name is empty'
      : stats?.isDirectory() === true
        ? 'it is a folder'
        : await unwritable(stats === undefined ? dirname(path) : path)
  if (reason !== undefined)
    throw new UsageError(`The file "${file}" for the reporter ${name} cannot be written: ${reason}.`)
}

function unwritable(path: string): Promise<string | undefined> {
  return access(path, constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? `there is no folder ${path}` : `no permission (${error.code ?? 'unknown'})`,
  )
}

interface Screen {
  print: (text: string) => void
  warn: (text: string) => void
}

/** Writes all reports; one that fails is told of and keeps none of the others back. True when one failed. */
export async function writeReports(
  report: Report,
  outputs: readonly Output[],
  options: { colour: boolean },
  screen: Screen,
): Promise<boolean> {
  let failed = false
  for (const { name, file, reporter } of outputs) {
    try {
      const text = reporter(report, { colour: options.colour && file === undefined })
      if (file === undefined) screen.print(text)
      else await writeWhole(resolve(file), text)
    } catch (error) {
      failed = true
      screen.warn(`The reporter ${name} failed: ${(error as Error).message}\n`)
    }
  }
  return failed
}

async function writeWhole(path: string, text: string): Promise<void> {
  // What is not an ordinary file (/dev/stdout, a pipe) cannot be replaced.
  const stats = await stat(path).catch(() => undefined)
  if (stats !== undefined && !stats.isFile()) return writeFile(path, text)
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
