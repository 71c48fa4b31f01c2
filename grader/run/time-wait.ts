/** Frees the ports that programs insist on from what earlier programs have left there. */
import { timeWaitsOn } from '../program/discover.ts'
import { endTimeWait } from '../wire/tcp-client.ts'

/** Ends every TIME_WAIT on a loopback port on which nobody listens. Returns how many there were. */
export async function endTimeWaits(port: number): Promise<number> {
  const left = timeWaitsOn(port)
  await Promise.all(left.map(({ target, localPort }) => endTimeWait(target, localPort)))
  return left.length
}
