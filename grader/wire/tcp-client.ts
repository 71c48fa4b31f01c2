/** Our end of the wire when a server is under test: TCP clients. */
import { connect } from 'node:net'
import { CheckFailure, type FailureFacts } from '../core/failure.ts'
import type { Address } from '../core/net.ts'
import { LIMITS, type Patience } from '../core/patience.ts'
import type { Steps } from '../core/step.ts'
import { TcpPeer } from './tcp-peer.ts'

/** Opens a connection from a name such as `client 1`. Throws a CheckFailure when nobody accepts it. */
export async function connectTo(target: Address, name: string, patience: Patience, steps: Steps): Promise<TcpPeer> {
  const socket = connect({ host: target.address, port: target.port, allowHalfOpen: true })
  let state: 'connecting' | 'connected' | NodeJS.ErrnoException = 'connecting'
  const changed = (now: typeof state): void => {
    state = now
    patience.transcript.changed()
  }
  socket.once('connect', () => changed('connected'))
  const fail = (error: NodeJS.ErrnoException): void => changed(error)
  socket.once('error', fail)
  try {
    await patience.until(
      () => {
        if (state === 'connected') return true
        if (state !== 'connecting') throw new CheckFailure(refusal(name, target, state.code))
        return undefined
      },
      LIMITS.answer,
      () => refusal(name, target, 'ETIMEDOUT'),
    )
  } catch (error) {
    socket.destroy()
    throw error
  }
  socket.removeListener('error', fail)
  const peer = new TcpPeer(name, socket, patience, steps)
  patience.transcript.record('grader', `connects to port ${target.port}`, { peer: name })
  return peer
}

function refusal(name: string, { port }: Address, code: string | undefined): FailureFacts {
  const who = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  if (code === 'ECONNREFUSED')
    return { reason: 'refused', summary: `Port ${port} refused ${name}: nobody listens there any more.`, peer: name }
  if (code === 'ECONNRESET')
    return { reason: 'reset', summary: `The connection of ${name} was reset as soon as it was made.`, peer: name }
  return {
    reason: 'refused',
    summary: `${who} got no connection to port ${port} (${code ?? 'no answer'}).`,
    peer: name,
  }
}

/**
 * Ends the TIME_WAIT that a server leaves behind when it closed a connection first, so that a program which
 * insists on its port can be started again. A connect from the same local port is answered by the
 * TIME_WAIT socket with an ACK that fits nothing, which our kernel resets, and a reset ends TIME_WAIT
 * (the assassination of RFC 1337). Call it when nobody listens on the port. Never fails.
 */
export function endTimeWait(target: Address, localPort: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.address, port: target.port, localPort })
    const done = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve()
    }
    // The kernel has done its part when the connect returns; it would try again after a second.
    const timer = setTimeout(done, 5)
    socket.on('error', done)
  })
}
