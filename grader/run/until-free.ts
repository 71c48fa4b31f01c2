/** Waits for a port that another grading on this machine may hold for a moment. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transport } from '../core/net.ts'
import { listenerOn } from '../program/discover.ts'

/** A server that somebody has left running is not waited for any longer. */
const LIMIT_MS = 5_000
const LOOK_MS = 100

/** Resolves when nobody listens on the port, or when the limit is reached. True when it is free. */
export async function untilFree(transport: Transport, port: number, signal: AbortSignal): Promise<boolean> {
  for (const end = performance.now() + LIMIT_MS; performance.now() < end;) {
    if (listenerOn(transport, port) === undefined) return true
    await sleep(LOOK_MS, undefined, { signal })
  }
  return false
}
