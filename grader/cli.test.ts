import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { Folder } from './testing/submissions.ts'

const COMMAND = fileURLToPath(new URL('wiregrade.mjs', import.meta.url))
const wiregrade = (...args: string[]) => execa(process.execPath, [COMMAND, ...args], { reject: false })

test.for([
  [['grade', 'no-such-folder'], 'There is no folder no-such-folder.'],
  [['grade', '-e', 'tcp-upercase'], 'did you mean "tcp-uppercase"?'],
  [['grade', '--check', 'utf8'], 'did you mean "utf-8"?'],
  [['grade', '--reporter', 'junt=x.xml'], 'did you mean "junit"?'],
  [['grade', '--reporter', 'json=/no/such/folder/x.json'], 'there is no folder /no/such/folder'],
  [['grade', '--reporter', 'json=/tmp'], 'it is a folder'],
  [['grade', '--seed', 'x'], 'whole number'],
  [['grade', '--role', 'srver'], 'client, server'],
] as const)('%j is refused in one sentence with exit code 2', async ([args, words]) => {
  const { exitCode, stderr, stdout } = await wiregrade(...args)
  expect(stderr).toContain(words)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})

test('reports go to files, whole, and points lost are exit code 1', async () => {
  await using folder = await Folder.with({ 'udp-uppercase/client.py': 'print("\\x1b[31m]]><script>")\n' })
  const [json, junit] = [join(folder.path, 'r.json'), join(folder.path, 'r.xml')]
  const { exitCode, stdout } = await wiregrade(
    'grade',
    folder.path,
    '-e',
    'udp-uppercase',
    '--reporter',
    `json=${json}`,
    '--reporter',
    `junit=${junit}`,
    '--reporter',
    'terminal',
  )
  expect(exitCode).toBe(1)
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
    format: 'wiregrade-report',
    version: 1,
    points: 0,
    maxPoints: 200,
  })
  const xml = readFileSync(junit, 'utf8')
  expect(xml).toContain('<testsuite name="udp-uppercase client"')
  expect(xml).not.toContain('\u001B')
  // An XML parser that is not ours reads it.
  const script =
    'import sys, xml.etree.ElementTree as e; print(len(e.fromstring(sys.stdin.read()).findall(".//testcase")))'
  expect((await execa('python3', ['-c', script], { input: xml })).stdout).toBe('8')
  expect(stdout).not.toContain('\u001B')
  expect(readdirSync(folder.path).toSorted()).toEqual(['r.json', 'r.xml', 'udp-uppercase'])
})

test('Ctrl-C ends everything that was started', async () => {
  const marker = `wiregrade-interrupted-${process.pid}`
  await using folder = await Folder.with({
    'udp-uppercase/server.py': `import os\nos.execvp("sleep", ["${marker}", "600"])\n`,
  })
  const running = execa(process.execPath, [COMMAND, 'grade', folder.path, '-e', 'udp-uppercase'], { reject: false })
  while (!commandLines().includes(marker)) await new Promise((resolve) => setTimeout(resolve, 5))
  running.kill('SIGINT')
  const { exitCode } = await running
  expect(exitCode).toBe(130)
  expect(commandLines()).not.toContain(marker)
  expect(readdirSync('/tmp').filter((name) => name.startsWith(`wiregrade-${running.pid}-`))).toEqual([])
})

function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      } catch {
        return ''
      }
    })
    .join('\n')
}
