/** How slow this machine is right now, measured by what every grading does: starting a process. */
import { execa } from 'execa'

/** What the start of an empty Node program takes on an idle machine of ordinary speed, in milliseconds. */
const ORDINARY_MS = 25
/** A measurement holds for so long, in milliseconds. */
const VALID_MS = 2_000
const LIMIT_MS = 10_000

let last: { at: number; slowness: Promise<number> } | undefined

/** How many times slower than ordinary the machine is; at least 1. */
export function slowness(): Promise<number> {
  const now = performance.now()
  if (last === undefined || now - last.at > VALID_MS) last = { at: now, slowness: measure() }
  return last.slowness
}

async function measure(): Promise<number> {
  const startedAt = performance.now()
  await execa(process.execPath, ['-e', '0'], {
    stdio: 'ignore',
    reject: false,
    timeout: LIMIT_MS,
    env: {},
    extendEnv: false,
  })
  return Math.max(1, (performance.now() - startedAt) / ORDINARY_MS)
}
