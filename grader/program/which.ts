/** Finds executables on the path, and what stands behind a version manager's shim. */
import { access, constants, open } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { execa } from 'execa'

const ENDINGS = process.platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
const found = new Map<string, Promise<string | undefined>>()

/** The absolute path of the first of the names that is on the path, or undefined. Looked up once. */
export async function which(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const known = found.get(name) ?? lookUp(name)
    found.set(name, known)
    const path = await known
    if (path !== undefined) return path
  }
  return undefined
}

async function lookUp(name: string): Promise<string | undefined> {
  const folders = isAbsolute(name) ? [''] : (process.env['PATH'] ?? '').split(delimiter)
  for (const folder of folders) {
    for (const ending of ENDINGS) {
      const path = join(folder, name + ending)
      if (await isExecutable(path)) return (await isScript(path)) ? await behindShim(path, name) : path
    }
  }
  return undefined
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function isScript(path: string): Promise<boolean> {
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return buffer.toString('latin1') === '#!'
}

/** A version manager's shim (pyenv, asdf) takes five times as long to start as the interpreter that it stands for. */
async function behindShim(path: string, name: string): Promise<string> {
  if (!name.startsWith('python')) return path
  const asked = await execa(path, ['-c', 'import sys; print(sys.executable)'], { reject: false, timeout: 30_000 })
  return asked.exitCode === 0 && asked.stdout !== '' ? asked.stdout : path
}
