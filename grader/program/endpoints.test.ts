import { expect, test } from 'vitest'
import { parseLsof, parseNetstat, parseProcNet, parseTimeWaits } from './endpoints.ts'

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:2EE0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 20604 1 0 100 0 0 10 0
   1: 0101007F:3039 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 20605 1 0 100 0 0 10 0
   2: 0100007F:2EE0 0100007F:8624 06 00000000:00000000 03:0000174A 00000000     0        0 0 3 0
   3: 0100007F:D668 0100007F:2EE0 01 00000000:00000000 00:00000000 00000000     0        0 20700 1 0
`
const TCP6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 31 1
   1: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 32 1
   2: 0000000000000000FFFF00000100007F:1F92 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 33 1
`

test("Linux's tables give listeners with their addresses and sockets", () => {
  expect(parseProcNet(TCP, 'tcp')).toEqual([
    { address: '0.0.0.0', port: 12_000, inode: 20_604 },
    { address: '127.0.1.1', port: 12_345, inode: 20_605 },
  ])
  expect(parseProcNet(TCP6, 'tcp')).toEqual([
    { address: '::', port: 8080, inode: 31 },
    { address: '::1', port: 8081, inode: 32 },
    { address: '127.0.0.1', port: 8082, inode: 33 },
  ])
})

test('a TIME_WAIT is given by the end that waits and the port of the other', () => {
  expect(parseTimeWaits(TCP)).toEqual([{ target: { address: '127.0.0.1', port: 12_000 }, localPort: 0x8624 }])
})

test('lsof lists endpoints, not connections', () => {
  const output =
    'p501\nf3\nPTCP\nn*:12000\nTST=LISTEN\nf4\nPTCP\nn[::1]:8080\nTST=LISTEN\nf5\nPTCP\nn127.0.0.1:80->127.0.0.1:9000\n'
  expect(parseLsof(output, 'tcp')).toEqual([
    { address: '0.0.0.0', port: 12_000 },
    { address: '::1', port: 8080 },
  ])
})

test('netstat is read whatever its language', () => {
  const output = [
    '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
    '  TCP    0.0.0.0:12000          0.0.0.0:0              ABHÖREN         4712',
    '  TCP    127.0.0.1:12000        127.0.0.1:50000        HERGESTELLT     4712',
    '  TCP    [::]:8080              [::]:0                 LISTENING       99',
  ].join('\r\n')
  expect(parseNetstat(output, 'tcp')).toEqual([
    { address: '0.0.0.0', port: 12_000, pid: 4712 },
    { address: '::', port: 8080, pid: 99 },
  ])
  expect(parseNetstat('  UDP    0.0.0.0:12000          *:*                                    7\r\n', 'udp')).toEqual([
    { address: '0.0.0.0', port: 12_000, pid: 7 },
  ])
})
