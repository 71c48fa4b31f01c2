/** Exercise 2: a sentence comes back in upper case over a connection. Kurose & Ross 2.7.2. */
import { exercise } from '../check/exercise.ts'
import type { ServerStage } from '../check/server-stage.ts'
import { noticesTrouble, restartsAtOnce, survivesLeaving, survivesReset } from './general.ts'

const STREAM = 'TCP is a stream of bytes: it keeps their order, not the borders between sends. Kurose & Ross 2.7.2.'
const NEXT = 'The welcoming socket lives on: after one client the server accepts the next. Kurose & Ross 2.7.2.'
const BYTES =
  'What travels is bytes; text has to be encoded before it is sent and decoded when it arrives. RFC 3629 (UTF-8).'
const CLOSE = 'Closing the connection tells the client that the answer is complete. Kurose & Ross 2.7.2.'

/** One client asks one sentence and gets it in upper case. */
async function answers({ connects, words }: ServerStage): Promise<void> {
  const sentence = words.sentence()
  const client = await connects()
  await client.sends(sentence)
  await client.receives(sentence.toUpperCase(), { lineEnd: true })
}

/** The same, and then the server closes. */
async function answersAndCloses({ connects, words }: ServerStage): Promise<void> {
  const sentence = words.sentence()
  const client = await connects()
  await client.sends(sentence)
  await client.receives(sentence.toUpperCase(), { lineEnd: true })
  await client.seesClose()
}

const general = (points: number) => ({ points, needs: ['answers-without-newline'] })

export default exercise({
  id: 'tcp-uppercase',
  title: 'TCP upper-case',
  transport: 'tcp',

  server: [
    {
      id: 'answers-without-newline',
      title: 'answers a sentence that has no newline',
      tier: 'core',
      points: 25,
      hint: STREAM,
      run: answers,
    },
    {
      id: 'closes-after-the-answer',
      title: 'closes the connection after the answer',
      tier: 'core',
      points: 10,
      needs: ['answers-without-newline'],
      hint: CLOSE,
      run: answersAndCloses,
    },
    {
      id: 'three-clients',
      title: 'serves three clients one after the other',
      tier: 'core',
      points: 15,
      hint: NEXT,
      async run({ connects, words }) {
        for (let number = 1; number <= 3; number++) {
          const sentence = words.sentence()
          const client = await connects()
          await client.sends(sentence)
          await client.receives(sentence.toUpperCase(), { lineEnd: true })
          client.closes()
        }
      },
    },
    {
      id: 'answers-with-newline',
      title: 'answers a sentence that ends with a newline',
      tier: 'core',
      points: 10,
      hint: STREAM,
      async run({ connects, words }) {
        const sentence = words.sentence()
        const client = await connects()
        await client.sends(`${sentence}\n`)
        await client.receives(sentence.toUpperCase(), { lineEnd: true })
      },
    },
    {
      id: 'utf-8',
      title: 'understands letters outside ASCII',
      tier: 'robust',
      points: 8,
      hint: BYTES,
      async run({ connects, words }) {
        const sentence = words.accented()
        const client = await connects()
        await client.sends(sentence)
        await client.receives(sentence.toUpperCase(), { lineEnd: true })
      },
    },
    {
      id: 'thousand-bytes',
      title: 'answers a sentence of 1,000 bytes whole',
      tier: 'robust',
      points: 7,
      hint: `${STREAM} The size of a buffer is no limit for what a client may say.`,
      async run({ connects, words }) {
        const sentence = words.sentenceOf(1000)
        const client = await connects()
        await client.sends(sentence)
        await client.receives(sentence.toUpperCase(), { lineEnd: true })
      },
    },
    {
      id: 'waiting-client',
      title: 'answers a client that connected while another was served',
      tier: 'robust',
      points: 7,
      needs: ['answers-without-newline'],
      hint: 'Connections that nobody has accepted yet wait in the queue of the welcoming socket. Kurose & Ross 2.7.2.',
      async run({ connects, words }) {
        const [first, second] = [words.sentence(), words.sentence()]
        const served = await connects()
        const waiting = await connects()
        await waiting.sends(second)
        await served.sends(first)
        await served.receives(first.toUpperCase(), { lineEnd: true })
        served.closes()
        await waiting.receives(second.toUpperCase(), { lineEnd: true })
      },
    },
    survivesLeaving(answers, general(6)),
    survivesReset(answers, general(6)),
    restartsAtOnce(answersAndCloses, { points: 6, needs: ['closes-after-the-answer'] }),
  ],

  client: [
    {
      id: 'sends-the-sentence',
      title: 'sends the typed sentence',
      tier: 'core',
      points: 20,
      hint: 'What is typed on the keyboard is what travels: nothing in front of it, nothing behind it but perhaps its newline.',
      async run(stage) {
        const [sentence, reply] = [stage.words.sentence(), stage.words.sentence()]
        const { server, program } = await stage.meets()
        program.types(sentence)
        const connection = await server.accepts()
        await connection.receives(sentence, { lineEnd: true })
        await connection.sends(reply)
        connection.closes()
        await program.settles(reply)
        connection.hasNothingMore()
        stage.learnsPrompts(program, reply)
      },
    },
    {
      id: 'connects-once',
      title: 'connects exactly once',
      tier: 'core',
      points: 10,
      needs: ['sends-the-sentence'],
      hint: 'One connection carries both directions: the question there, the answer back. Kurose & Ross 2.7.2.',
      async run({ meets, words }) {
        const [sentence, reply] = [words.sentence(), words.sentence()]
        const { server, program } = await meets()
        program.types(sentence)
        const connection = await server.accepts()
        await connection.receives(sentence, { lineEnd: true })
        await connection.sends(reply)
        connection.closes()
        await program.settles(reply)
        server.hasOneConnection()
      },
    },
    {
      id: 'prints-the-reply',
      title: 'prints what the server answered',
      tier: 'core',
      points: 25,
      needs: ['sends-the-sentence'],
      hint: 'What counts is what the server says, and it may say anything: print the bytes that arrive.',
      async run({ meets, words }) {
        const [sentence, reply] = [words.sentence(), words.sentence()]
        const { server, program } = await meets()
        program.types(sentence)
        const connection = await server.accepts()
        await connection.receives(sentence, { lineEnd: true })
        await connection.sends(reply)
        connection.closes()
        await program.prints(reply)
      },
    },
    {
      id: 'exits-with-0',
      title: 'closes the connection and ends with exit code 0',
      tier: 'core',
      points: 10,
      needs: ['sends-the-sentence'],
      hint: 'One question, one answer: then a client closes and is done. Exit code 0 says that all went well.',
      async run({ meets, words }) {
        const [sentence, reply] = [words.sentence(), words.sentence()]
        const { server, program } = await meets()
        program.types(sentence)
        const connection = await server.accepts()
        await connection.receives(sentence, { lineEnd: true })
        await connection.sends(reply)
        connection.closes()
        await connection.seesClose()
        await program.exits(0)
      },
    },
    {
      id: 'reply-in-pieces',
      title: 'prints all of a reply that arrives in three pieces',
      tier: 'robust',
      points: 10,
      needs: ['sends-the-sentence'],
      hint: `${STREAM} One receive is not the whole answer: it ends where the server closes.`,
      async run({ meets, words }) {
        const [sentence, pieces] = [words.sentence(), [words.sentence(), words.sentence(), words.sentence()]]
        const { server, program } = await meets()
        program.types(sentence)
        const connection = await server.accepts()
        await connection.receives(sentence, { lineEnd: true })
        await connection.sendsInPieces(pieces)
        connection.closes()
        await program.prints(pieces.join(''))
      },
    },
    ...noticesTrouble((words) => words.sentence(), 'sends-the-sentence', { refused: 8, closed: 8, silent: 9 }),
  ],
})
