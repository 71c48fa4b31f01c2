/** Faulty programs for `udp-uppercase`. */
import type { Mutant } from './mutant.ts'

const ALL_ANSWERS = ['answers-in-upper-case', 'keeps-digits-and-punctuation', 'answers-several', 'answers-two-clients']
const ALL_ROBUST_ANSWERS = ['utf-8', 'long-sentence', 'interleaved-clients']
const UPPER = ".toString('utf8').toUpperCase()"
const ASK = '    const reply = await Promise.race([answer, pause(PATIENCE_MS)])'

export const udpUppercase: readonly Mutant[] = [
  {
    fault: 'sends the sentence back as it is',
    role: 'server',
    loses: [...ALL_ANSWERS, ...ALL_ROBUST_ANSWERS],
    edits: [[UPPER, ".toString('utf8')"]],
  },
  {
    fault: 'answers from another port',
    role: 'server',
    loses: [...ALL_ANSWERS, ...ALL_ROBUST_ANSWERS],
    edits: [['  socket.send(answer', "  createSocket('udp4').send(answer"]],
  },
  {
    fault: 'drops digits',
    role: 'server',
    loses: ['keeps-digits-and-punctuation'],
    edits: [[UPPER, `${UPPER}.replaceAll(/\\d/g, '')`]],
  },
  {
    fault: 'ends after the first datagram',
    role: 'server',
    loses: [
      'answers-several',
      'answers-two-clients',
      'survives-empty-datagram',
      'survives-invalid-utf-8',
      'interleaved-clients',
    ],
    edits: [['sender.address, reportError)', 'sender.address, () => socket.close())']],
  },
  {
    fault: 'answers everybody at the address of the first client',
    role: 'server',
    loses: ['answers-two-clients', 'interleaved-clients'],
    edits: [
      [
        'const socket =',
        'let first: { port: number; address: string } | undefined\nlet idle: NodeJS.Timeout\nconst socket =',
      ],
      // Forgets after a while, so that only clients of one check get in each other's way.
      [
        '  const answer =',
        '  first ??= sender\n  clearTimeout(idle)\n  idle = setTimeout(() => process.exit(), 30)\n  const answer =',
      ],
      ['sender.port, sender.address', 'first.port, first.address'],
    ],
  },
  {
    fault: 'waits a little and then answers whoever spoke last',
    role: 'server',
    loses: ['interleaved-clients'],
    edits: [
      ['const socket =', 'let last: { port: number; address: string }\nconst socket ='],
      ['  const answer =', '  last = sender\n  const answer ='],
      [
        '  socket.send(answer, sender.port, sender.address, reportError)',
        '  setTimeout(() => socket.send(answer, last.port, last.address, reportError), 100)',
      ],
    ],
  },
  {
    fault: 'reads text as Latin-1',
    role: 'server',
    loses: ['utf-8'],
    edits: [["toString('utf8')", "toString('latin1')"]],
  },
  {
    fault: 'takes an empty datagram for the end',
    role: 'server',
    loses: ['survives-empty-datagram'],
    edits: [['  const answer =', '  if (datagram.length === 0) return void socket.close()\n  const answer =']],
  },
  {
    fault: 'ends when text cannot be decoded',
    role: 'server',
    loses: ['survives-invalid-utf-8'],
    edits: [["datagram.toString('utf8')", "new TextDecoder('utf-8', { fatal: true }).decode(datagram)"]],
  },
  {
    fault: 'has a buffer of 1,024 bytes',
    role: 'server',
    loses: ['long-sentence'],
    edits: [['datagram.toString(', 'datagram.subarray(0, 1024).toString(']],
  },
  {
    fault: 'is the textbook server with a small buffer, in Python',
    role: 'server',
    loses: ['survives-invalid-utf-8', 'long-sentence'],
    file: 'server.py',
    source: `from socket import *
import sys
server = socket(AF_INET, SOCK_DGRAM)
server.bind(('', int(sys.argv[1])))
while True:
    message, client = server.recvfrom(1000)
    server.sendto(message.decode().upper().encode(), client)
`,
  },

  {
    fault: 'sends a constant',
    role: 'client',
    loses: ['sends-the-sentence'],
    edits: [['ask(socket, sentence)', "ask(socket, 'hello')"]],
  },
  {
    fault: 'sends every question twice',
    role: 'client',
    loses: ['sends-the-sentence'],
    edits: [['  socket.send(question)\n  for', '  socket.send(question)\n  socket.send(question)\n  for']],
  },
  {
    fault: 'sends its whole buffer',
    role: 'client',
    loses: ['sends-the-sentence'],
    edits: [['ask(socket, sentence)', "ask(socket, sentence.padEnd(512, '\\0'))"]],
  },
  {
    fault: 'prints what it typed in upper case itself',
    role: 'client',
    loses: ['prints-the-reply', 'utf-8', 'lost-reply'],
    edits: [
      [
        'console.log(await ask(socket, sentence))',
        'await ask(socket, sentence)\n    console.log(sentence.toUpperCase())',
      ],
    ],
  },
  {
    fault: 'ends with exit code 3',
    role: 'client',
    loses: ['exits-with-0'],
    edits: [['  } finally {', '    process.exitCode = 3\n  } finally {']],
  },
  {
    fault: 'sends the line end too',
    role: 'client',
    loses: ['no-line-end'],
    edits: [['ask(socket, sentence)', 'ask(socket, `${sentence}\\n`)']],
  },
  {
    fault: 'sends text as Latin-1',
    role: 'client',
    loses: ['utf-8'],
    edits: [['  socket.send(question)\n  for', "  socket.send(Buffer.from(question, 'latin1'))\n  for"]],
  },
  { fault: 'waits for ever', role: 'client', loses: ['lost-reply'], edits: [[ASK, '    const reply = await answer']] },
  {
    fault: 'ends with exit code 0 when it gives up',
    role: 'client',
    loses: ['nobody-listens'],
    edits: [['process.exitCode = 1', 'process.exitCode = 0']],
  },
  {
    fault: 'gives up without a word',
    role: 'client',
    loses: ['nobody-listens'],
    edits: [['  console.error(`No reply from ${host}:${port}: ${(error as Error).message}`)\n', '']],
  },
  {
    fault: 'is the textbook client, in Python',
    role: 'client',
    loses: ['lost-reply', 'nobody-listens'],
    file: 'client.py',
    source: `from socket import *
import sys
client = socket(AF_INET, SOCK_DGRAM)
message = input('Input lowercase sentence:')
client.sendto(message.encode(), (sys.argv[1], int(sys.argv[2])))
reply, server = client.recvfrom(2048)
print(reply.decode())
client.close()
`,
  },
]
