/** Scratch folders: one for the run, one inside it for each launch; nothing of them is left afterwards. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { living } from './living.ts'
import { abandonedProcesses, HAS_PROC } from './tree.ts'

const PREFIX = 'wiregrade-'

export class Scratch implements AsyncDisposable {
  readonly path: string
  #launches = 0

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
    living.add(this)
  }

  /** A fresh working directory. */
  async fresh(): Promise<string> {
    const folder = join(this.path, String(++this.#launches), 'files')
    await mkdir(folder, { recursive: true })
    return folder
  }

  /** For the end of our process, when nothing can be awaited any more. */
  stopNow(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 })
    living.delete(this)
  }
}

/** Ends the programs and removes the scratch folders of runs that were killed. */
export function cleanUpAfterKilledRuns(): void {
  for (const pid of HAS_PROC ? abandonedProcesses() : []) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended, or it is somebody else's.
    }
  }
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]
    if (pid === undefined || isRunning(Number(pid))) continue
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {
      // Somebody else's, on a machine with several users.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
