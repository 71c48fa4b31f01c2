/** `wiregrade.yml`: how a program is built and started when the grader cannot know it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The file, in the exercise's folder. */
export const SETTINGS_FILE = 'wiregrade.yml'

export interface ProgramSettings {
  /** A shell command, once, in a copy of the folder. */
  build?: string | undefined
  /** A command with `{host}`, `{port}` and further arguments put in or appended. */
  run: string
}

export interface Settings {
  client?: ProgramSettings | undefined
  server?: ProgramSettings | undefined
}

/**
 * Reads an exercise folder's settings; undefined when there are none.
 * @returns the settings, or a sentence with the line that says what is wrong
 */
export async function readSettings(folder: string): Promise<Settings | string | undefined> {
  const text = await readFile(join(folder, SETTINGS_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  return text === undefined ? undefined : await parseSettings(text)
}

/** The settings in a text, or a sentence that says what is wrong and where. */
async function parseSettings(text: string): Promise<Settings | string> {
  // Loaded only when somebody has such a file.
  const [{ LineCounter, isMap, isNode, isScalar, parseDocument }, { z }] = await Promise.all([
    import('yaml'),
    import('zod'),
  ])
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => `${SETTINGS_FILE}, line ${lines.linePos(offset).line}`
  const [error] = document.errors
  if (error) return `${at(error.pos[0])}: ${error.message}.`

  const Program = z.strictObject({ build: z.string().min(1).optional(), run: z.string().min(1) })
  const Schema = z.strictObject({ client: Program.optional(), server: Program.optional() })
  const result = Schema.safeParse(document.toJS({ maxAliasCount: 10 }) ?? {})
  if (result.success) return result.data
  const { issues } = result.error
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  const parent = issue?.path ?? []
  const path = issue?.code === 'unrecognized_keys' ? [...parent, ...issue.keys.slice(0, 1)] : parent
  const name = path.join('.')
  const known = parent.length > 0 ? 'build and run' : 'client and server'
  const what =
    issue?.code === 'unrecognized_keys' ? `"${name}" is not known here; known are ${known}` : `"${name}" must be a text`
  return `${at(offsetOf(document.contents, path))}: ${what}.`

  /** Where a key stands; where the nearest key above it stands, when it is missing. */
  function offsetOf(node: unknown, keys: readonly PropertyKey[]): number {
    const [key, ...rest] = keys
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined
    if (pair === undefined) return isNode(node) ? (node.range?.[0] ?? 0) : 0
    if (rest.length > 0) return offsetOf(pair.value, rest)
    return isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
  }
}
