/** Builds what needs building, and says how a program is started. Nothing is written into the submission. */
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { MachineError } from '../core/failure.ts'
import { cached, digestOf, filesOf } from './cache.ts'
import { passedEnvironment } from './environment.ts'
import type { Found } from './find.ts'
import type { ProgramSettings } from './settings.ts'
import { buildTypeScript } from './typescript.ts'
import { which } from './which.ts'

/** How a program is started. */
export interface Startable {
  /** The command line for these arguments. */
  command: (args: readonly string[]) => string[]
  /** A folder whose entries are linked into the working directory, for commands that name files in it. */
  linked?: string
  env: Record<string, string>
  /** The text of the program's sources, as far as it is known: evidence, never executed. */
  sources: string
  /** Whether `sources` is all there is to the program. */
  sourcesAreComplete: boolean
}

/** The build failed: the compiler's words. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure'
}

const BUILD_LIMIT_MS = 120_000
/** Bytes of source text kept as evidence. */
const SOURCES_KEPT = 1024 * 1024

/**
 * Makes a found program ready to be started.
 * @throws BuildFailure when the student's program does not build
 * @throws MachineError when this machine lacks a compiler or an interpreter
 */
export async function build(found: Extract<Found, { status: 'found' }>): Promise<Startable> {
  if ('settings' in found) return buildBySettings(found.folder, found.settings)
  const { folder, file, language, helpers } = found
  const tool = await which(language.needs)
  if (tool === undefined) {
    throw new MachineError(
      `${file} is written in ${language.name}, but this machine has no ${language.needs[0]}: install ${language.install}.`,
    )
  }
  const source = join(folder, file)
  const sources = await readSources([source, ...helpers])
  const env = language.env ?? {}
  const ready = (command: readonly string[]): Startable => ({
    command: (args) => [...command, ...args],
    env,
    sources,
    sourcesAreComplete: true,
  })

  if (language.name === 'TypeScript') {
    const path = await strip(folder, file)
    // Only transformed code has a source map.
    return ready([tool, '--enable-source-maps', path])
  }
  const mainClass = classOf(sources, file)
  if (language.build === undefined) return ready(language.run?.({ tool, source, out: folder, mainClass }) ?? [])

  const files = await filesOf(folder)
  const key = await digestOf(folder, files, language.name, file, tool)
  const out = await cached(key, async (draft) => {
    await compile(language.build?.({ tool, source, folder, helpers, out: draft }) ?? [], folder, env)
  })
  return ready(language.run?.({ tool, source, out, mainClass }) ?? [join(out, 'program')])
}

async function strip(folder: string, file: string): Promise<string> {
  const files = await filesOf(folder)
  const entry = file.replace(/\.([mc]?)ts$/i, '.$1js')
  const copy = await cached(
    await digestOf(folder, files, folder, file, process.version, 'typescript'),
    async (draft) => {
      await copyFiles(folder, files, draft)
      await buildTypeScript(draft, folder, file, files).catch((error: Error) => {
        throw new BuildFailure(error.message, { cause: error })
      })
    },
  )
  return join(copy, entry)
}

async function buildBySettings(folder: string, settings: ProgramSettings): Promise<Startable> {
  const files = await filesOf(folder)
  const sources = await readSources(files.map((file) => join(folder, file)))
  let place = folder
  if (settings.build !== undefined) {
    const key = await digestOf(folder, files, JSON.stringify(settings))
    place = await cached(key, async (draft) => {
      await copyFiles(folder, files, draft)
      await compile(shell(settings.build ?? ''), draft, {})
    })
  }
  return {
    command: (args) => commandOf(settings.run, args),
    linked: place,
    env: {},
    sources,
    sourcesAreComplete: false,
  }
}

/** A shell that runs the text. */
function shell(text: string): string[] {
  return process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', text] : ['/bin/sh', '-c', text]
}

/**
 * The command line of a `run` setting. `{host}` and `{port}` stand for the values in the environment, `{3}` for
 * the third argument; a command without any of them gets all arguments at its end. Values never become shell text.
 */
function commandOf(run: string, args: readonly string[]): string[] {
  const placeholder = /\{(host|port|[1-9])\}/g
  if (process.platform === 'win32') {
    const values: Record<string, string | undefined> = {
      host: args.at(-2),
      port: args.at(-1),
      ...Object.fromEntries(args.map((arg, index) => [index + 1, arg])),
    }
    return shell(
      placeholder.test(run)
        ? run.replaceAll(placeholder, (_, name: string) => values[name] ?? '')
        : [run, ...args].join(' '),
    )
  }
  const text = placeholder.test(run)
    ? run.replaceAll(placeholder, (_, name: string) => (/\d/.test(name) ? `"$${name}"` : `"$${name.toUpperCase()}"`))
    : `${run} "$@"`
  return [...shell(text), 'sh', ...args]
}

async function copyFiles(from: string, files: readonly string[], to: string): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true })
    await copyFile(join(from, file), join(to, file))
  }
}

async function compile(command: readonly string[], cwd: string, env: Record<string, string>): Promise<void> {
  const [file = '', ...args] = command
  const result = await execa(file, args, {
    cwd,
    env: { ...passedEnvironment('build'), ...env },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: BUILD_LIMIT_MS,
    maxBuffer: 64 * 1024,
  })
  if (result.exitCode === 0) return
  const words = result.all === '' ? (result.shortMessage ?? 'no output') : result.all
  throw new BuildFailure(result.timedOut ? `The build did not end within ${BUILD_LIMIT_MS / 1000} s.\n${words}` : words)
}

async function readSources(paths: readonly string[]): Promise<string> {
  let text = ''
  for (const path of paths) {
    if (text.length > SOURCES_KEPT) break
    text += await readFile(path, 'utf8').catch(() => '')
  }
  return text.slice(0, SOURCES_KEPT)
}

/** The name of a Java file's main class, with its package. */
function classOf(source: string, file: string): string {
  const folder = /^\s*package\s+([\w.]+)\s*;/m.exec(source)?.[1]
  const name = basename(file).replace(/\.java$/i, '')
  const declared = new RegExp(String.raw`\bclass\s+${name.replaceAll(/\W/g, '')}\b`).test(source)
  const main = declared
    ? name
    : (/\bclass\s+(\w+)[^{]*\{(?:(?!\bclass\s)[\s\S])*?\bvoid\s+main\s*\(/.exec(source)?.[1] ?? name)
  return folder === undefined ? main : `${folder}.${main}`
}
