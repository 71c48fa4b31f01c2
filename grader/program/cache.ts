/** Where built programs are kept: one folder for each content, made once, removed when long unused. */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { MachineError } from '../core/failure.ts'

/** Bounds of an exercise's folder: what is larger is not copied and not hashed. */
const BOUNDS = { files: 2_000, bytes: 64 * 1024 * 1024 }
const IGNORED = new Set(['node_modules', '.git', '__pycache__', 'starters'])
const MONTH_MS = 30 * 24 * 3600 * 1000

/** The folder for what was built. */
function cacheFolder(): string {
  const chosen = process.env['WIREGRADE_CACHE']
  if (chosen) return chosen
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/wiregrade')
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'wiregrade')
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'wiregrade')
}

/** The files of a folder and its subfolders as relative paths, sorted; links and special files are left out. */
export async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = []
  let bytes = 0
  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(folder, relative), { withFileTypes: true })) {
      const path = join(relative, entry.name)
      if (entry.isDirectory() && !IGNORED.has(entry.name)) await visit(path)
      if (!entry.isFile()) continue
      bytes += (await stat(join(folder, path))).size
      files.push(path)
      if (files.length > BOUNDS.files || bytes > BOUNDS.bytes)
        throw new MachineError(`The folder ${folder} is too large to build: more than ${BOUNDS.files} files or 64 MiB.`)
    }
  }
  await visit('')
  return files.toSorted()
}

/** A name for the content of the files, and for whatever else decides the result. */
export async function digestOf(folder: string, files: readonly string[], ...others: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(others))
  for (const file of files) {
    const content = await readFile(join(folder, file))
    hash.update(JSON.stringify([file, content.length])).update(content)
  }
  return hash.digest('hex').slice(0, 32)
}

/**
 * The folder with what `make` makes for this key; made once, also when several processes ask at the same time.
 * @param make fills the empty folder that it is given; when it throws, nothing is kept
 */
export async function cached(key: string, make: (folder: string) => Promise<void>): Promise<string> {
  const root = join(cacheFolder(), 'builds')
  const folder = join(root, key)
  if (await touch(folder)) return folder
  await mkdir(root, { recursive: true })
  const draft = await mkdtemp(join(root, 'draft-'))
  try {
    await make(draft)
    await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
      // Somebody else was faster.
      if (!(await touch(folder))) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await removeOld(root)
  return folder
}

/** Marks a folder as used; false when it is not there. */
function touch(folder: string): Promise<boolean> {
  const now = new Date()
  return utimes(folder, now, now).then(
    () => true,
    () => false,
  )
}

async function removeOld(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > MONTH_MS) await rm(join(root, name), { recursive: true, force: true })
  }
}
