/** Exercise 1: a datagram comes back in upper case. Kurose & Ross 2.7.1. */
import { exercise } from '../check/exercise.ts'

const DATAGRAM = 'One datagram is one whole message: it arrives in one piece or not at all. Kurose & Ross 2.7.1.'
const BYTES =
  'What travels is bytes; text has to be encoded before it is sent and decoded when it arrives. RFC 3629 (UTF-8).'
const SENDER =
  'Every datagram brings the address and port of its sender, and the answer goes there. Kurose & Ross 2.7.1.'
const LOSS =
  'UDP loses datagrams without a word: whoever waits for an answer needs a time-out. Kurose & Ross 2.7.1 and 3.3.'

export default exercise({
  id: 'udp-uppercase',
  title: 'UDP upper-case',
  transport: 'udp',

  server: [
    {
      id: 'answers-in-upper-case',
      title: 'answers a sentence in upper case',
      tier: 'core',
      points: 25,
      hint: SENDER,
      async run({ opens, words }) {
        const sentence = words.sentence()
        const client = await opens()
        await client.sends(sentence)
        await client.receives(sentence.toUpperCase())
      },
    },
    {
      id: 'keeps-digits-and-punctuation',
      title: 'leaves digits, spaces and punctuation as they are',
      tier: 'core',
      points: 10,
      hint: 'Only letters have an upper case; every other character comes back unchanged.',
      async run({ opens, words }) {
        const sentence = words.punctuated()
        const client = await opens()
        await client.sends(sentence)
        await client.receives(sentence.toUpperCase())
      },
    },
    {
      id: 'answers-several',
      title: 'answers several messages one after the other',
      tier: 'core',
      points: 15,
      hint: 'A server serves for ever: after an answer it waits for the next datagram. Kurose & Ross 2.7.1.',
      async run({ opens, words }) {
        const client = await opens()
        for (let message = 1; message <= 3; message++) {
          const sentence = words.sentence()
          await client.sends(sentence)
          await client.receives(sentence.toUpperCase())
        }
      },
    },
    {
      id: 'answers-two-clients',
      title: 'answers two clients in turn, each with its own sentence',
      tier: 'core',
      points: 15,
      hint: SENDER,
      async run({ opens, words }) {
        for (const client of [await opens(), await opens()]) {
          const sentence = words.sentence()
          await client.sends(sentence)
          await client.receives(sentence.toUpperCase())
        }
      },
    },
    {
      id: 'utf-8',
      title: 'understands letters outside ASCII',
      tier: 'robust',
      points: 10,
      hint: BYTES,
      async run({ opens, words }) {
        const sentence = words.accented()
        const client = await opens()
        await client.sends(sentence)
        await client.receives(sentence.toUpperCase())
      },
    },
    {
      id: 'survives-empty-datagram',
      title: 'goes on after an empty datagram',
      tier: 'robust',
      points: 5,
      needs: ['answers-in-upper-case'],
      hint: 'A datagram may be empty; unlike on TCP, that is not the end of anything. RFC 768.',
      async run({ opens, words }) {
        const sentence = words.sentence()
        const client = await opens()
        await client.sends('')
        await client.sends(sentence)
        await client.eventuallyReceives(sentence.toUpperCase())
      },
    },
    {
      id: 'survives-invalid-utf-8',
      title: 'goes on after bytes that are not UTF-8',
      tier: 'robust',
      points: 5,
      needs: ['answers-in-upper-case'],
      hint: `Anybody can send anything to a port: a server must not end because of it. ${BYTES}`,
      async run({ opens, words }) {
        const sentence = words.sentence()
        const client = await opens()
        await client.sends(words.notUtf8())
        await client.sends(sentence)
        await client.eventuallyReceives(sentence.toUpperCase())
      },
    },
    {
      id: 'long-sentence',
      title: 'answers a sentence of 2,000 bytes whole',
      tier: 'robust',
      points: 5,
      hint: 'What of a datagram does not fit into the buffer is lost. A datagram holds up to 65,507 bytes. Kurose & Ross 3.3.1.',
      async run({ opens, words }) {
        const sentence = words.sentenceOf(2000)
        const client = await opens()
        await client.sends(sentence)
        await client.receives(sentence.toUpperCase())
      },
    },
    {
      id: 'interleaved-clients',
      title: 'keeps two clients apart whose messages alternate',
      tier: 'robust',
      points: 10,
      hint: SENDER,
      async run({ opens, words }) {
        const turns = [await opens(), await opens()].flatMap((client) => [
          { client, sentence: words.sentence() },
          { client, sentence: words.sentence() },
        ])
        const [first, third, second, fourth] = turns
        for (const turn of [first, second, third, fourth]) await turn?.client.sends(turn.sentence)
        for (const turn of turns) await turn.client.receives(turn.sentence.toUpperCase())
      },
    },
  ],

  client: [
    {
      id: 'sends-the-sentence',
      title: 'sends the typed sentence in one datagram',
      tier: 'core',
      points: 30,
      hint: DATAGRAM,
      async run(stage) {
        const [sentence, reply] = [stage.words.sentence(), stage.words.sentence()]
        const { server, program } = await stage.meets()
        program.types(sentence)
        const datagram = await server.receives()
        server.holds(datagram, sentence, { lineEnd: true })
        await server.replies(datagram, reply)
        await program.settles(reply)
        server.hasOneMessage()
        stage.learnsPrompts(program, reply)
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
        await server.replies(await server.receives(), reply)
        await program.prints(reply)
      },
    },
    {
      id: 'exits-with-0',
      title: 'ends with exit code 0 after the reply',
      tier: 'core',
      points: 10,
      needs: ['sends-the-sentence'],
      hint: 'One question, one answer: then a client is done. Exit code 0 says that all went well.',
      async run({ meets, words }) {
        const { server, program } = await meets()
        program.types(words.sentence())
        await server.replies(await server.receives(), words.sentence())
        await program.exits(0)
      },
    },
    {
      id: 'no-line-end',
      title: 'sends exactly the sentence, without the line end',
      tier: 'robust',
      points: 10,
      needs: ['sends-the-sentence'],
      hint: 'The line end belongs to the keyboard. Some ways to read a line keep it, others remove it.',
      async run({ meets, words }) {
        const sentence = words.sentence()
        const { server, program } = await meets()
        program.types(sentence)
        server.holds(await server.receives(), sentence)
      },
    },
    {
      id: 'utf-8',
      title: 'sends and prints letters outside ASCII',
      tier: 'robust',
      points: 10,
      needs: ['sends-the-sentence'],
      hint: BYTES,
      async run({ meets, words }) {
        const [sentence, reply] = [words.accented(), words.accented()]
        const { server, program } = await meets()
        program.types(sentence)
        const datagram = await server.receives()
        server.holds(datagram, sentence, { lineEnd: true })
        await server.replies(datagram, reply)
        await program.prints(reply)
      },
    },
    {
      id: 'lost-reply',
      title: 'asks again, or gives up with a message, when the reply is lost',
      tier: 'robust',
      points: 10,
      needs: ['sends-the-sentence'],
      hint: LOSS,
      async run({ meets, words }) {
        const [sentence, reply] = [words.sentence(), words.sentence()]
        const { server, program } = await meets()
        program.types(sentence)
        await server.receives()
        const repeated = await program.repeatsOrComplains(() => server.datagrams[1])
        if (repeated === undefined) return
        server.holds(repeated, sentence, { lineEnd: true })
        server.keepsReplying(reply)
        await server.replies(repeated, reply)
        await program.prints(reply)
      },
    },
    {
      id: 'nobody-listens',
      title: 'gives up with a message when nobody listens',
      tier: 'robust',
      points: 5,
      needs: ['sends-the-sentence'],
      hint: LOSS,
      async run({ meetsNobody, words }) {
        const program = await meetsNobody()
        program.types(words.sentence())
        await program.complains()
      },
    },
  ],
})
