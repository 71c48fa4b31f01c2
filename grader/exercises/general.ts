/** Checks that every TCP program has to pass, whatever it is for. */
import type { ClientCheck, ServerCheck } from '../check/exercise.ts'
import type { ServerStage } from '../check/server-stage.ts'
import type { Words } from '../core/words.ts'
import type { TcpServer } from '../wire/tcp-server.ts'

interface Points {
  points: number
  needs: readonly string[]
}

/** A server survives a client that connects and leaves at once. */
export function survivesLeaving(exchange: (stage: ServerStage) => Promise<void>, given: Points): ServerCheck {
  return {
    id: 'survives-leaving',
    title: 'goes on after a client that connects and leaves without a word',
    tier: 'robust',
    ...given,
    hint: 'An empty read is the end of the stream: the client has closed. That client is done, the server is not. Kurose & Ross 2.7.2.',
    async run(stage) {
      const client = await stage.connects()
      client.closes()
      await exchange(stage)
    },
  }
}

/** A server survives a client that resets its connection before it is accepted. */
export function survivesReset(exchange: (stage: ServerStage) => Promise<void>, given: Points): ServerCheck {
  return {
    id: 'survives-reset',
    title: 'goes on after a client that resets its connection',
    tier: 'robust',
    ...given,
    hint: 'A reset makes the next call on that connection fail (ECONNRESET). One broken connection is no reason for a server to end. RFC 9293, section 3.10.7.',
    async run(stage) {
      await stage.connectsAndResets()
      await exchange(stage)
    },
  }
}

/** A server that closed a connection first can be started again on the same port at once. */
export function restartsAtOnce(exchange: (stage: ServerStage) => Promise<void>, given: Points): ServerCheck {
  return {
    id: 'restarts-at-once',
    title: 'can be started again on the same port at once',
    tier: 'robust',
    ...given,
    hint: 'The end that closes first keeps the port in TIME_WAIT for a while. Look for the socket option SO_REUSEADDR. RFC 9293, section 3.6.1.',
    async run(stage) {
      await exchange(stage)
      // Our close is a normal one, after the server's: now its side is in TIME_WAIT.
      for (const peer of stage.peers) peer.closes()
      await stage.restarts()
      await exchange(stage)
    },
  }
}

type Exchange = (words: Words) => string

/** What a client does when there is no server, or one that does not answer. The checks need the client's main check. */
export function noticesTrouble(
  type: Exchange,
  main: string,
  points: { refused: number; closed: number; silent: number },
) {
  const needs = [main]
  return [
    {
      id: 'refused',
      title: 'says so and ends with an error when nobody listens',
      tier: 'robust',
      points: points.refused,
      needs,
      hint: 'A connection that is refused is an error that the program has to report: a message and an exit code other than 0.',
      async run(stage) {
        const program = await stage.meetsNobody()
        program.types(type(stage.words))
        await program.complains()
      },
    },
    {
      id: 'closed-without-answer',
      title: 'says so and ends with an error when the server closes without an answer',
      tier: 'robust',
      points: points.closed,
      needs,
      hint: 'An empty read means that the server has closed. Without an answer before it, that is an error to report: a message and an exit code other than 0.',
      async run(stage) {
        const { server, program } = await stage.meets()
        program.types(type(stage.words))
        const connection = await server.accepts()
        await connection.receivesSome()
        connection.closes()
        await program.complains()
      },
    },
    {
      id: 'never-answered',
      title: 'gives up with a message when the server never answers',
      tier: 'robust',
      points: points.silent,
      needs,
      hint: 'A read waits for ever unless the program sets a limit. Look for the time-out of a socket. 15 s are allowed.',
      async run(stage) {
        const { server, program } = await stage.meets()
        program.types(type(stage.words))
        await server.accepts()
        await program.complains()
      },
    },
  ] satisfies ClientCheck<TcpServer>[]
}
