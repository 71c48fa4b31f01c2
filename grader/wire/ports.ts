/** Ports: free ones, outside the range from which the kernel picks by itself (a port in it can connect to itself). */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import getPort from 'get-port'
import { COURSE_PORTS, type Transport } from '../core/net.ts'

/** Below Linux's default `ip_local_port_range` (32768–60999) and those of other systems. */
const RANGE = { from: 20_000, to: 32_000 }

/** A port on which nobody listens on any address. */
export async function freePort(transport: Transport): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const port = await getPort({ port: Array.from({ length: 10 }, () => randomInt(RANGE.from, RANGE.to)) })
    if (port < RANGE.from || port >= RANGE.to || COURSE_PORTS.includes(port)) continue
    if (transport === 'tcp' || (await isFreeForUdp(port))) return port
  }
  throw new Error(`No free ${transport.toUpperCase()} port between ${RANGE.from} and ${RANGE.to}`)
}

function isFreeForUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => resolve(false))
    socket.bind({ port, exclusive: true }, () => socket.close(() => resolve(true)))
  })
}
