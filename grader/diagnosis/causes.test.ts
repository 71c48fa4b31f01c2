import { expect, test } from 'vitest'
import { gradeOne } from '../testing/submissions.ts'

const tcpServer = (serve: string): string => `import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", int(sys.argv[1])))
s.listen(5)
while True:
    c, a = s.accept()
${serve.replaceAll(/^/gm, '    ')}
`

/** Each mistake, the check that meets it, and words that the explanation has to hold. */
const MISTAKES = [
  [
    'waits for a newline',
    'server',
    tcpServer('line = c.makefile().readline()\nc.sendall(line.upper().encode())\nc.close()'),
    'answers-without-newline',
    'waits for a newline',
  ],
  [
    'reads to the end',
    'server',
    tcpServer('data = b""\nwhile (piece := c.recv(1024)):\n    data += piece\nc.sendall(data.upper())\nc.close()'),
    'answers-without-newline',
    'reads until the end of the stream',
  ],
  [
    'mixes text and bytes',
    'server',
    tcpServer('c.sendall(c.recv(1024).decode().upper())'),
    'answers-without-newline',
    'text (str) and bytes were mixed up',
  ],
  [
    'echoes',
    'server',
    tcpServer('c.sendall(c.recv(1024))\nc.close()'),
    'answers-without-newline',
    'came back just as it was sent',
  ],
  [
    'sends its buffer',
    'server',
    tcpServer('c.sendall(c.recv(1024).upper().ljust(1024, b"\\0"))\nc.close()'),
    'answers-without-newline',
    'bytes of padding',
  ],
  [
    'has a small buffer',
    'server',
    tcpServer('c.sendall(c.recv(200).upper())\nc.close()'),
    'thousand-bytes',
    'Only the first 200 of 1000 bytes',
  ],
  ['is Python 2', 'server', 'import sys\nprint "The server is ready"\n', 'answers-without-newline', 'Python 2'],
  [
    'forgets SO_REUSEADDR',
    'server',
    tcpServer('c.sendall(c.recv(2048).upper())\nc.close()').replace(/^s\.setsockopt.*\n/m, ''),
    'restarts-at-once',
    'address already in use',
  ],
] as const

test.for(MISTAKES)('a server that %s is told so', async ([, role, source, id, words]) => {
  const program = await gradeOne('tcp-uppercase', role, `${role}.py`, source)
  const failure = program.checks.find((check) => check.id === id)?.failure
  expect(`${failure?.summary} ${failure?.cause}`).toContain(words)
})

const CLIENT = `import socket, sys
c = socket.create_connection((sys.argv[1], int(sys.argv[2])))
c.sendall(input("Sentence: ").encode())
`

test.for([
  ['reads once', `${CLIENT}print(c.recv(1024).decode())\n`, 'reply-in-pieces', 'read once'],
  ['has no time limit', `${CLIENT}print(c.recv(1024).decode())\n`, 'never-answered', 'no time limit'],
  [
    'makes the answer itself',
    `${CLIENT.replace('input("Sentence: ")', '(t := input())')}c.recv(99)\nprint(t.upper())\n`,
    'prints-the-reply',
    'the server said something else',
  ],
  ['shows bytes', `${CLIENT}print(c.recv(1024).hex())\n`, 'prints-the-reply', 'not on the screen'],
] as const)('a client that %s is told so', async ([, source, id, words]) => {
  const program = await gradeOne('tcp-uppercase', 'client', 'client.py', source)
  const failure = program.checks.find((check) => check.id === id)?.failure
  expect(`${failure?.summary} ${failure?.cause}`).toContain(words)
})

test('a hopeless wait is recognised without waiting for the limit', async () => {
  const program = await gradeOne('tcp-uppercase', 'client', 'client.py', `${CLIENT}print(c.recv(1024).decode())\n`)
  const check = program.checks.find(({ id }) => id === 'never-answered')
  expect(check?.status).toBe('failed')
  expect(check?.retried).toBe(false)
})
