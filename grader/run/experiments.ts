/** After a failure: small experiments on the same connection that tell causes apart. They never change the verdict. */
import type { FailureFacts } from '../core/failure.ts'
import type { Transcript } from '../core/transcript.ts'
import type { TcpPeer } from '../wire/tcp-peer.ts'

/** What the experiments showed. */
export interface Experiments {
  /** The silent server answered as soon as a newline came. */
  answeredAfterNewline?: boolean
  /** The silent server answered as soon as the client had closed its side. */
  answeredAfterClose?: boolean
}

/** How long an experiment waits for its outcome, in milliseconds. */
const OUTCOME_MS = 250

/** Finds out why a server that was asked does not answer. */
export async function experiment(
  facts: FailureFacts,
  peers: readonly TcpPeer[],
  transcript: Transcript,
): Promise<Experiments> {
  const peer = peers.find(({ name }) => name === facts.peer)
  if (facts.reason !== 'silent' || peer === undefined || peer.ending !== undefined) return {}
  peer.tries('\n')
  if (await answers(peer, transcript)) return { answeredAfterNewline: true }
  if (peer.ending !== undefined) return {}
  peer.halfCloses()
  return (await answers(peer, transcript)) ? { answeredAfterClose: true } : {}
}

function answers(peer: TcpPeer, transcript: Transcript): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      stop()
      resolve(peer.hasUnread)
    }
    const stop = transcript.onChange(() => {
      if (peer.hasUnread || peer.ending !== undefined) finish()
    })
    const timer = setTimeout(finish, OUTCOME_MS)
  })
}
