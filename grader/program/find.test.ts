import { expect, test } from 'vitest'
import { Folder } from '../testing/submissions.ts'
import { findProgram } from './find.ts'

const BOTH = ['client', 'server'] as const

async function find(
  files: Record<string, string>,
  role: 'client' | 'server' = 'server',
  roles: readonly ('client' | 'server')[] = BOTH,
) {
  await using folder = await Folder.with(files)
  return findProgram(folder.path, role, roles)
}

test('the file with the role in its name is the program', async () => {
  expect(await find({ 'UDPServer.py': '', 'UDPClient.py': '' })).toMatchObject({
    status: 'found',
    file: 'UDPServer.py',
  })
})

test('two candidates are named, with the way out', async () => {
  const found = await find({ 'a_server.py': '', 'b_server.py': '' })
  expect(found).toMatchObject({ status: 'ambiguous' })
  expect('message' in found && found.message).toMatch(/a_server\.py, b_server\.py.*wiregrade\.yml/)
})

test('the file that is called just like the role wins over others that only contain it', async () => {
  expect(await find({ 'server.py': '', 'server_old.py': '' })).toMatchObject({ status: 'found', file: 'server.py' })
})

test('an exercise with one role takes the only program there is', async () => {
  expect(await find({ 'solution.py': '' }, 'server', ['server'])).toMatchObject({
    status: 'found',
    file: 'solution.py',
  })
})

test('a Java class without main is no program', async () => {
  const files = {
    'Server.java': 'class Server { public static void main(String[] a) {} }',
    'ServerThread.java': 'class ServerThread {}',
  }
  expect(await find(files)).toMatchObject({ status: 'found', file: 'Server.java' })
})

test('a missing program is told, with a file that nearly is one', async () => {
  expect(await find({ 'server.txt': '' })).toMatchObject({
    status: 'missing',
    message: expect.stringContaining('server.txt'),
  })
})

test.for([
  ['server:\n  rnu: x\n', 'line 2: "server.rnu"'],
  ['server:\n  build: make\n', 'line 2'],
  ['servr:\n  run: x\n', 'line 1: "servr" is not known here; known are client and server'],
  ['server: [\n', 'line 2'],
  ['server:\n  run: 3\n', '"server.run" must be a text'],
])('a bad wiregrade.yml is refused with its line: %j', async ([text = '', words = '']) => {
  const found = await find({ 'wiregrade.yml': text, 'server.py': '' })
  expect(found).toMatchObject({ status: 'ambiguous' })
  expect('message' in found && found.message).toContain(words)
})
