/** The process tree of a program under test, seen through `/proc` (Linux). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The variable that marks every process of a launch; its value begins with the grader's process id. */
export const LAUNCH_MARKER = 'WIREGRADE_LAUNCH'

/** True where `/proc` tells what this file needs. */
export const HAS_PROC = process.platform === 'linux'

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // The process has ended in the meantime, or is not ours to look at.
    return undefined
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** The process and all its living descendants, parents first. */
export function treeOf(pid: number): number[] {
  const pids = [pid]
  for (const parent of pids) {
    for (const thread of list(`/proc/${parent}/task`)) {
      const children = read(`/proc/${parent}/task/${thread}/children`) ?? ''
      for (const child of children.split(' ').map(Number)) if (child > 0 && !pids.includes(child)) pids.push(child)
    }
  }
  return pids
}

/** The inodes of the sockets that these processes hold. */
export function socketsOf(pids: readonly number[]): Set<number> {
  const inodes = new Set<number>()
  for (const pid of pids) {
    for (const descriptor of list(`/proc/${pid}/fd`)) {
      const inode = inodeOf(`/proc/${pid}/fd/${descriptor}`)
      if (inode !== undefined) inodes.add(inode)
    }
  }
  return inodes
}

function inodeOf(link: string): number | undefined {
  try {
    const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(link))
    return match ? Number(match[1]) : undefined
  } catch {
    return undefined
  }
}

/**
 * The processes, started after the given one, whose environment carries the marker: also those that left their group,
 * their session and their parent. A process that wiped its environment is not seen.
 */
export function markedProcesses(marker: string, rootPid: number): number[] {
  const pids = list('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
  const last = Number((read('/proc/loadavg') ?? '').trim().split(' ').at(-1))
  // Process ids grow, and begin again at the bottom when they reach their end.
  const younger = last > rootPid ? pids.filter((pid) => pid >= rootPid) : pids
  return younger.filter((pid) => read(`/proc/${pid}/environ`)?.includes(marker))
}

/** Programs whose grader was killed: their marker names a process that is no more. */
export function abandonedProcesses(): number[] {
  return list('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => {
      const grader = new RegExp(`${LAUNCH_MARKER}=(\\d+)\\.`).exec(read(`/proc/${pid}/environ`) ?? '')?.[1]
      return grader !== undefined && !isAlive(Number(grader))
    })
}

/** The process that holds a socket, as `name (process id)`. */
export function holderOf(inode: number): string | undefined {
  const pid = list('/proc')
    .map(Number)
    .find((candidate) => candidate > 0 && socketsOf([candidate]).has(inode))
  return pid === undefined ? undefined : `${(read(`/proc/${pid}/comm`) ?? '?').trim()}, process ${pid}`
}

/** True when the process is there and not a zombie. */
export function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`)
  return stat !== undefined && !/\) [ZX] /.test(stat)
}
