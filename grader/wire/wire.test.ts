import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { CheckFailure } from '../core/failure.ts'
import { Patience } from '../core/patience.ts'
import { Steps } from '../core/step.ts'
import { Transcript } from '../core/transcript.ts'
import { AnswerMatcher } from './answer.ts'
import { connectTo, endTimeWait } from './tcp-client.ts'
import { UdpClient } from './udp-client.ts'
import { UdpServer } from './udp-server.ts'

function tools() {
  const { signal } = new AbortController()
  const transcript = new Transcript()
  return {
    transcript,
    steps: new Steps(),
    waits: new Patience(transcript, { signal, stretch: 1, slowness: async () => 1, canOnlyWait: () => false }),
  }
}

/** Connects one of our clients to a server that treats it so. */
async function clientOf(serve: (socket: Socket) => void) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined)
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { waits, steps } = tools()
  const peer = await connectTo(
    { address: '127.0.0.1', port: (server.address() as AddressInfo).port },
    'client 1',
    waits,
    steps,
  )
  return { peer, server, [Symbol.dispose]: () => void (peer.dispose({ reset: true }), server.close()) }
}

async function reasonOf(step: Promise<unknown>): Promise<string> {
  const error = await step.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof CheckFailure ? error.facts.reason : String(error)
}

test('an answer is complete, incomplete or wrong, however it is cut', () => {
  for (const [sent, state] of [
    ['HELLO', 'complete'],
    ['HELLO\n', 'complete'],
    ['HELLO\r\n', 'complete'],
    ['HELL', 'incomplete'],
    ['HELP!', 'wrong'],
    ['HELLO\n\n', 'wrong'],
    ['HELLO!', 'wrong'],
  ] as const) {
    for (let cut = 0; cut <= sent.length; cut++) {
      const matcher = new AnswerMatcher(Buffer.from('HELLO'), true)
      matcher.take([Buffer.from(sent.slice(0, cut))])
      matcher.take([Buffer.from(sent.slice(cut))])
      expect([sent, cut, matcher.state]).toEqual([sent, cut, state])
    }
  }
})

test('an answer may have a line end that comes in a segment of its own, and nothing more', async () => {
  using good = await clientOf((socket) => {
    socket.write('HELLO')
    setTimeout(() => socket.end('\n'), 50)
  })
  await good.peer.receives('HELLO', { lineEnd: true })
  await good.peer.seesClose()
  using bad = await clientOf((socket) => {
    socket.write('HELLO')
    setTimeout(() => socket.end('\nmore'), 50)
  })
  await bad.peer.receives('HELLO', { lineEnd: true })
  expect(await reasonOf(bad.peer.seesClose())).toBe('unexpected')
})

test('closed, reset, partial and silent are told apart', async () => {
  using closed = await clientOf((socket) => void socket.end('HEL'))
  expect(await reasonOf(closed.peer.receives('HELLO'))).toBe('closed-early')
  using reset = await clientOf((socket) => void socket.once('data', () => socket.resetAndDestroy()))
  await reset.peer.sends('hello')
  expect(await reasonOf(reset.peer.receives('HELLO'))).toBe('reset')
  using partial = await clientOf((socket) => void socket.write('HEL'))
  expect(await reasonOf(partial.peer.receives('HELLO', { limitMs: 100 }))).toBe('partial')
  using silent = await clientOf(() => undefined)
  expect(await reasonOf(silent.peer.receives('HELLO', { limitMs: 100 }))).toBe('silent')
  expect(await reasonOf(silent.peer.seesClose({ limitMs: 100 }))).toBe('still-open')
})

test('a reset right after a close leaves no socket behind', async () => {
  using client = await clientOf((socket) => void socket.end('X'))
  await client.peer.receives('X')
  await client.peer.seesClose()
  client.peer.closes()
  client.peer.dispose({ reset: true })
  client.server.close()
  await once(client.server, 'close')
  expect(client.peer.ending).toBe('closed')
})

test('a port where nobody listens refuses', async () => {
  const { waits, steps } = tools()
  expect(await reasonOf(connectTo({ address: '127.0.0.1', port: 1 }, 'client 1', waits, steps))).toBe('refused')
})

test.runIf(process.platform === 'linux')('what a server leaves in TIME_WAIT can be ended', async () => {
  const server = createServer((socket) => void socket.end('bye')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const target = { address: '127.0.0.1', port: (server.address() as AddressInfo).port }
  const { waits, steps } = tools()
  const peer = await connectTo(target, 'client 1', waits, steps)
  await peer.receives('bye')
  await peer.seesClose()
  peer.closes()
  server.close()
  await once(server, 'close')
  const bind = () =>
    execa('python3', ['-c', `import socket; socket.socket().bind(("127.0.0.1", ${target.port}))`], { reject: false })
  expect((await bind()).stderr).toContain('Address already in use')
  await endTimeWait(target, peer.localPort)
  expect((await bind()).stderr).toBe('')
})

test('an answer from another port is recognised', async () => {
  const [asked, other] = [createSocket('udp4'), createSocket('udp4')]
  asked.on('message', (_, from) => other.send('HELLO', from.port, from.address))
  asked.bind(0, '127.0.0.1')
  await once(asked, 'listening')
  const { waits, steps } = tools()
  const client = await UdpClient.open({ address: '127.0.0.1', port: asked.address().port }, 'client 1', waits, steps)
  await client.sends('hello')
  expect(await reasonOf(client.receives('HELLO'))).toBe('wrong-sender')
  for (const socket of [client, { dispose: () => asked.close() }, { dispose: () => other.close() }]) socket.dispose()
})

test('an identical datagram after a pause is a repeat; without one, or with other bytes, it is a second message', async () => {
  const outcomes: unknown[] = []
  for (const [second, pauseMs] of [
    ['one', 120],
    ['one', 0],
    ['two', 120],
  ] as const) {
    const { waits, steps } = tools()
    const server = new UdpServer(waits, steps, {
      hasEnded: () => false,
      absence: () => ({ reason: 'ended', summary: '' }),
      isSender: () => true,
    })
    await server.listen({ address: '127.0.0.1', port: 29_001 })
    const sender = createSocket('udp4')
    sender.send('one', 29_001, '127.0.0.1')
    if (pauseMs > 0) {
      await server.receives()
      await waits.pause(pauseMs)
    }
    sender.send(second, 29_001, '127.0.0.1')
    await waits.until(
      () => server.datagrams[1],
      5000,
      () => ({ reason: 'silent', summary: '' }),
    )
    outcomes.push(await reasonOf((async () => server.hasOneMessage())()))
    server.dispose()
    sender.close()
  }
  expect(outcomes).toEqual(['undefined', 'unexpected', 'unexpected'])
})
