/** Finds a student's program in a submission. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Role } from '../core/report.ts'
import { languageOf, type Language } from './languages.ts'
import { readSettings, SETTINGS_FILE, type ProgramSettings } from './settings.ts'

/** A program to be built and started: a file in a known language, or what `wiregrade.yml` says. */
export type Found =
  | { status: 'found'; folder: string; file: string; language: Language; helpers: string[] }
  | { status: 'found'; folder: string; settings: ProgramSettings }
  | { status: 'missing' | 'ambiguous'; message: string }

const KNOWN_ENDINGS = '.ts .js .py .java .c .cpp .go .rs .rb .pl .php .sh'
/** Files that a student is unlikely to have in one exercise; more are not looked at. */
const MOST_FILES = 2_000

/**
 * The program of a role in the folder of one exercise.
 * @param roles the roles that the exercise has; with only one, the only program file there is will do
 */
export async function findProgram(folder: string, role: Role, roles: readonly Role[]): Promise<Found> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (names === undefined) return missing(role)
  const settings = await readSettings(folder)
  if (typeof settings === 'string') return { status: 'ambiguous', message: settings }
  const own = settings?.[role]
  if (own !== undefined) return { status: 'found', folder, settings: own }

  const sources = (await withoutHelpers(folder, names.slice(0, MOST_FILES))).toSorted()
  const candidates = candidatesOf(sources, role, roles)
  const [file] = candidates
  if (file === undefined) return missing(role, names)
  if (candidates.length > 1) {
    return {
      status: 'ambiguous',
      message:
        `Two or more files could be the ${role}: ${candidates.join(', ')}. ` +
        `Keep one, or name the right one in ${SETTINGS_FILE} (${role}: run: …).`,
    }
  }
  const language = languageOf(file) as Language
  const other = role === 'client' ? 'server' : 'client'
  const helpers = names
    .filter((name) => languageOf(name) === language && !sources.includes(name) && !name.toLowerCase().includes(other))
    .map((name) => join(folder, name))
  return { status: 'found', folder, file, language, helpers }
}

/** The source files that are programs of their own. */
async function withoutHelpers(folder: string, names: readonly string[]): Promise<string[]> {
  const kept = await Promise.all(
    names.map(async (name) => {
      const language = languageOf(name)
      if (language === undefined || name.endsWith('.d.ts')) return false
      if (language.main === undefined) return true
      const text = await readFile(join(folder, name), 'utf8').catch(() => '')
      return language.main.test(text)
    }),
  )
  return names.filter((_, index) => kept[index])
}

function candidatesOf(sources: readonly string[], role: Role, roles: readonly Role[]): string[] {
  const named = sources.filter((name) => name.toLowerCase().includes(role))
  if (named.length > 1) {
    // `server.py` beside `server_old.py`: the one that is called just that is meant.
    const exact = named.filter((name) => stem(name) === role)
    if (exact.length === 1) return exact
  }
  if (named.length === 0 && roles.length === 1 && sources.length === 1) return [...sources]
  return named
}

function stem(name: string): string {
  return name.toLowerCase().replace(/\.[^.]+$/, '')
}

function missing(role: Role, names: readonly string[] = []): Found {
  const nearly = names.find((name) => name.toLowerCase().includes(role) && languageOf(name) === undefined)
  const why = nearly === undefined ? '' : ` ${nearly} has no ending that is known (${KNOWN_ENDINGS}).`
  return { status: 'missing', message: `No ${role} here yet: a file with "${role}" in its name is needed.${why}` }
}
