/** Reads the tables in which systems list who listens where. */
import type { Address, Transport } from '../core/net.ts'

const LISTEN = '0A'
const TIME_WAIT = '06'
/** UDP sockets have no states of their own; an unconnected one shows the number of CLOSE. */
const UNCONNECTED = '07'

/** Linux: `/proc/net/{tcp,tcp6,udp,udp6}` (proc_net_tcp in the kernel's documentation). */
export function parseProcNet(table: string, transport: Transport): (Address & { inode: number })[] {
  const state = transport === 'tcp' ? LISTEN : UNCONNECTED
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === state)
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':')
      return { address: addressOf(address), port: Number.parseInt(port, 16), inode: Number(fields[9]) }
    })
}

/** Linux: the connections of a table that are in TIME_WAIT, by the end that waits and the port of the other end. */
export function parseTimeWaits(table: string): { target: Address; localPort: number }[] {
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === TIME_WAIT)
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':')
      const far = (fields[2] ?? '').split(':')[1] ?? ''
      return {
        target: { address: addressOf(address), port: Number.parseInt(port, 16) },
        localPort: Number.parseInt(far, 16),
      }
    })
}

/** Linux: the inode of the socket that is bound to a local port, connected or not. */
export function inodeOfPort(table: string, port: number): number | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const row = table.split('\n').find((line) => line.trim().split(/\s+/)[1]?.endsWith(suffix) === true)
  return row === undefined ? undefined : Number(row.trim().split(/\s+/)[9])
}

/** An address as the kernel prints it: 32-bit words in the machine's byte order. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => Array.from(Buffer.from(word, 'hex').toReversed()))
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.every((byte) => byte === 0)) return '::'
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0))
  if (groups.slice(0, 7).every((group) => group === 0) && groups[7] === 1) return '::1'
  return groups.map((group) => group.toString(16)).join(':')
}

/** macOS: `lsof -FpPnT`, one field a line. */
export function parseLsof(output: string, transport: Transport): Address[] {
  const endpoints: Address[] = []
  for (const name of output.split('\n').filter((line) => line.startsWith('n'))) {
    // `n*:12000`, `n127.0.0.1:12000`, `n[::1]:12000`; a connected socket shows `->`.
    const match = /^n(\[[^\]]*\]|[^:]*):(\d+)$/.exec(name)
    if (!match) continue
    const [, host = '', port] = match
    const address = host === '*' ? '0.0.0.0' : host.replace(/^\[|\]$/g, '')
    endpoints.push({ address, port: Number(port) })
  }
  return transport === 'tcp' || !output.includes('TST=') ? endpoints : []
}

/** Windows: `netstat -ano`. The word for the state is in the system's language, so the far end tells: nobody. */
export function parseNetstat(output: string, transport: Transport): (Address & { pid: number })[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    if (fields[0]?.toLowerCase() !== transport) return []
    const match = /^(.*):(\d+)$/.exec(fields[1] ?? '')
    if (!match || !/^(0\.0\.0\.0:0|\[::\]:0|\*:\*)$/.test(fields[2] ?? '')) return []
    return [{ address: (match[1] ?? '').replace(/^\[|\]$/g, ''), port: Number(match[2]), pid: Number(fields.at(-1)) }]
  })
}

/** The address at which a program that is bound to this one is reached from here. */
export function reachableAddress(address: string): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return address
}
