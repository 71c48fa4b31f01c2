import { expect, test } from 'vitest'
import { portsIn } from './port-literals.ts'

test("ports that stand in a source are found, the course's own first", () => {
  expect(portsIn('s.bind(("", 12000))\nc.connect(("servername", 29876))\nport = 5555')).toEqual([12_000, 29_876, 5555])
})

test('sizes of buffers and times are no ports', () => {
  expect(
    portsIn('recv(1024); recvfrom(2048); recv(65535); buf[4096]; time.sleep(3600); setTimeout(3500)\nTIMEOUT = 2500'),
  ).toEqual([])
  expect(portsIn('x = 127.0.0.1; y = 0x12000; z = 3.14159; v12345 = 1')).toEqual([])
})

test('however many numbers there are, only a few are served', () => {
  expect(portsIn(Array.from({ length: 500 }, (_, index) => 20_001 + index).join(' ')).length).toBeLessThanOrEqual(8)
})
