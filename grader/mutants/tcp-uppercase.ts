/** Faulty programs for `tcp-uppercase`. */
import type { Mutant } from './mutant.ts'

const ALL_ANSWERS = ['answers-without-newline', 'three-clients', 'answers-with-newline', 'utf-8', 'thousand-bytes']
const TROUBLE = ['refused', 'closed-without-answer', 'never-answered']
const UPPER = "bytes.toString('utf8').toUpperCase()"

export const tcpUppercase: readonly Mutant[] = [
  { fault: 'sends the sentence back as it is', role: 'server', loses: ALL_ANSWERS, edits: [[UPPER, 'bytes']] },
  {
    fault: 'waits for a newline',
    role: 'server',
    loses: ['answers-without-newline', 'three-clients', 'utf-8', 'thousand-bytes'],
    edits: [
      [
        "  connection.once('data', (bytes) => {",
        "  let bytes = ''\n  connection.on('data', (piece) => {\n    bytes += piece\n    if (!bytes.includes('\\n')) return",
      ],
      [UPPER, 'bytes.toUpperCase()'],
    ],
  },
  {
    fault: 'leaves the connection open',
    role: 'server',
    loses: ['closes-after-the-answer'],
    edits: [['connection.end(', 'connection.write(']],
  },
  {
    fault: 'ends after the first client',
    role: 'server',
    loses: ['three-clients', 'waiting-client', 'survives-leaving', 'survives-reset'],
    edits: [
      [
        'function serve(connection: Socket): void {',
        "function serve(connection: Socket): void {\n  connection.on('close', () => process.exit())\n  connection.on('end', () => connection.end())\n  server.close()",
      ],
    ],
  },
  {
    fault: 'does not understand a newline',
    role: 'server',
    loses: ['answers-with-newline'],
    edits: [[UPPER, `${UPPER}.replace(/.*\\n/, 'ERROR')`]],
  },
  {
    fault: 'reads text as Latin-1',
    role: 'server',
    loses: ['utf-8'],
    edits: [["toString('utf8')", "toString('latin1')"]],
  },
  {
    fault: 'has a buffer of 512 bytes',
    role: 'server',
    loses: ['thousand-bytes'],
    edits: [['bytes.toString(', 'bytes.subarray(0, 512).toString(']],
  },
  {
    fault: 'answers on the connection that came last',
    role: 'server',
    loses: ['waiting-client'],
    edits: [
      ['const server =', 'let latest: Socket\nconst server ='],
      [
        'function serve(connection: Socket): void {',
        'function serve(connection: Socket): void {\n  latest = connection',
      ],
      ['connection.end(', 'latest.end('],
    ],
  },
  {
    fault: 'ends when a client leaves without a word',
    role: 'server',
    loses: ['survives-leaving'],
    edits: [
      [
        '  connection.once(',
        "  connection.on('end', () => {\n    if (connection.bytesRead === 0) process.exit(1)\n  })\n  connection.once(",
      ],
    ],
  },
  {
    fault: 'ends with an error when a connection breaks',
    role: 'server',
    loses: ['survives-reset'],
    edits: [["  connection.on('error', (error) => console.error(error.message))\n", '']],
  },
  {
    fault: 'does not set SO_REUSEADDR, in Python',
    role: 'server',
    loses: ['restarts-at-once'],
    file: 'server.py',
    source: `from socket import *
import sys
server = socket(AF_INET, SOCK_STREAM)
server.bind(('', int(sys.argv[1])))
server.listen(5)
while True:
    connection, address = server.accept()
    try:
        sentence = connection.recv(4096).decode()
        connection.sendall(sentence.upper().encode())
    except OSError as error:
        print(error, file=sys.stderr)
    connection.close()
`,
  },

  {
    fault: 'sends a constant',
    role: 'client',
    loses: ['sends-the-sentence'],
    edits: [['write(sentence)', "write('hello world')"]],
  },
  {
    fault: 'sends something after the sentence',
    role: 'client',
    loses: ['sends-the-sentence'],
    edits: [['write(sentence)', "write(sentence + ' bye')"]],
  },
  {
    fault: 'connects a second time',
    role: 'client',
    loses: ['connects-once'],
    edits: [
      [
        '  console.log(`From Server: ${await readToEnd(connection)}`)',
        '  const reply = await readToEnd(connection)\n  ;(await connected(host, Number(port))).destroy()\n  console.log(`From Server: ${reply}`)',
      ],
    ],
  },
  {
    fault: 'prints what it typed in upper case itself',
    role: 'client',
    loses: ['prints-the-reply', 'reply-in-pieces'],
    edits: [
      [
        'console.log(`From Server: ${await readToEnd(connection)}`)',
        'await readToEnd(connection)\n  console.log(sentence.toUpperCase())',
      ],
    ],
  },
  {
    fault: 'ends with exit code 3',
    role: 'client',
    loses: ['exits-with-0'],
    edits: [['} catch (error) {', '  process.exitCode = 3\n} catch (error) {']],
  },
  {
    fault: 'reads once',
    role: 'client',
    loses: ['reply-in-pieces'],
    edits: [['pieces.push(piece as Buffer)', '{\n    pieces.push(piece as Buffer)\n    break\n  }']],
  },
  {
    fault: 'gives up without a word',
    role: 'client',
    loses: TROUBLE,
    edits: [['  console.error(`No reply from ${host}:${port}: ${(error as Error).message}`)\n', '']],
  },
  {
    fault: 'ends with exit code 0 when it gives up',
    role: 'client',
    loses: TROUBLE,
    edits: [['exitCode = 1', 'exitCode = 0']],
  },
  {
    fault: 'takes the end of the stream for an answer',
    role: 'client',
    loses: ['closed-without-answer'],
    edits: [["  if (pieces.length === 0) throw new Error('the server closed the connection without an answer')\n", '']],
  },
  {
    fault: 'waits for ever',
    role: 'client',
    loses: ['never-answered'],
    edits: [
      ["  connection.setTimeout(PATIENCE_MS, () => connection.destroy(new Error('the server does not answer')))\n", ''],
    ],
  },
  {
    fault: 'says nothing when it is refused, in Python',
    role: 'client',
    loses: ['refused'],
    file: 'client.py',
    source: `from socket import *
import sys
client = socket(AF_INET, SOCK_STREAM)
try:
    client.connect((sys.argv[1], int(sys.argv[2])))
except ConnectionRefusedError:
    sys.exit(1)
client.settimeout(2)
client.sendall(input('Input lowercase sentence:').encode())
reply = b''
while piece := client.recv(1024):
    reply += piece
if not reply:
    sys.exit('No answer')
print('From Server:', reply.decode())
`,
  },
]
