/** Where a program listens, seen from outside: nobody connects to find out. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { execa } from 'execa'
import type { Address, Transport } from '../core/net.ts'
import { inodeOfPort, parseLsof, parseNetstat, parseProcNet, parseTimeWaits } from './endpoints.ts'
import { HAS_PROC, holderOf, socketsOf, treeOf } from './tree.ts'

/**
 * Watches one program's sockets. On Linux a look costs microseconds: the kernel's counters of sockets in use are
 * read first, and its tables (milliseconds for TCP) only when those have changed.
 */
export class Discovery implements Disposable {
  readonly #pid: number
  readonly #transport: Transport
  readonly #counters: number[]
  #counted = ''
  #looks = 0

  constructor(pid: number, transport: Transport) {
    this.#pid = pid
    this.#transport = transport
    this.#counters = HAS_PROC ? ['/proc/self/net/sockstat', '/proc/self/net/sockstat6'].flatMap(open) : []
  }

  /** The endpoints that the program's tree listens on now. */
  async look(): Promise<Address[]> {
    if (!HAS_PROC) return process.platform === 'win32' ? this.#askNetstat() : this.#askLsof()
    const counted = this.#count()
    // Now and then the tables are read all the same: one socket that closes hides another that opens.
    if (counted === this.#counted && ++this.#looks % 50 !== 0) return []
    this.#counted = counted
    const inodes = socketsOf(treeOf(this.#pid))
    if (inodes.size === 0) return []
    return [this.#transport, `${this.#transport}6`]
      .flatMap((table) => parseProcNet(readTable(table), this.#transport))
      .filter(({ inode }) => inodes.has(inode))
  }

  #count(): string {
    const buffer = Buffer.alloc(512)
    return this.#counters
      .map((descriptor) => buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0)))
      .join('')
      .split('\n')
      .filter((line) => line.toLowerCase().startsWith(this.#transport))
      .map((line) => line.split(' ', 3).join(' '))
      .join(';')
  }

  async #askLsof(): Promise<Address[]> {
    const which = this.#transport === 'tcp' ? ['-iTCP', '-sTCP:LISTEN'] : ['-iUDP']
    const { stdout } = await execa('lsof', ['-nP', '-a', '-g', String(this.#pid), ...which, '-FpPnT'], {
      reject: false,
    })
    return parseLsof(stdout, this.#transport)
  }

  async #askNetstat(): Promise<Address[]> {
    const { stdout } = await execa('netstat', ['-ano', '-p', this.#transport], { reject: false })
    return parseNetstat(stdout, this.#transport).filter(({ pid }) => pid === this.#pid)
  }

  [Symbol.dispose](): void {
    for (const descriptor of this.#counters) closeSync(descriptor)
  }
}

function open(path: string): number[] {
  try {
    return [openSync(path, 'r')]
  } catch {
    return []
  }
}

function readTable(table: string): string {
  try {
    return readFileSync(`/proc/net/${table}`, 'latin1')
  } catch {
    return ''
  }
}

/** False when another program's socket has this port; where nobody's is seen (any more), it may be this one's. */
export function mayBelongTo(pid: number, transport: Transport, port: number): boolean {
  if (!HAS_PROC) return true
  const inode = inodeOfPort(readTable(transport), port) ?? inodeOfPort(readTable(`${transport}6`), port)
  return inode === undefined || inode === 0 || socketsOf(treeOf(pid)).has(inode) || holderOf(inode) === undefined
}

/** Who listens on a port: `name, process id`, or undefined when nobody does (Linux). */
export function listenerOn(transport: Transport, port: number): string | undefined {
  const endpoint = [transport, `${transport}6`]
    .flatMap((table) => parseProcNet(readTable(table), transport))
    .find((candidate) => candidate.port === port)
  return endpoint && (holderOf(endpoint.inode) ?? 'a process of somebody else')
}

/** The connections on a loopback port that are in TIME_WAIT: our end of each (Linux; elsewhere none is seen). */
export function timeWaitsOn(port: number): { target: Address; localPort: number }[] {
  return ['tcp', 'tcp6']
    .flatMap((table) => parseTimeWaits(readTable(table)))
    .filter(({ target }) => target.port === port && target.address.startsWith('127.'))
}
