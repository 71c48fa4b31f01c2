import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Report } from '../core/report.ts'
import { terminal } from './terminal.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const REPORT: Report = {
  format: 'wiregrade-report',
  version: 1,
  grader: '0.1.0',
  seed: 7,
  startedAt: '2026-11-21T00:00:00.000Z',
  durationMs: 1234,
  isolation: 'none',
  needsRegrading: false,
  submission: { name: 'ali\u001Bce', path: '/x/alice' },
  points: 25,
  maxPoints: 60,
  bonusPoints: 0,
  exercises: [
    {
      id: 'tcp-uppercase',
      title: 'TCP upper-case',
      points: 25,
      maxPoints: 60,
      bonusPoints: 0,
      programs: [
        {
          role: 'server',
          file: 'server.py',
          status: 'graded',
          notes: ['The program ignores the port that it is given and listens on port 12000. It was graded there.'],
          points: 25,
          maxPoints: 60,
          bonusPoints: 0,
          checks: [
            {
              id: 'a',
              title: 'answers a sentence',
              tier: 'core',
              points: 25,
              maxPoints: 25,
              status: 'passed',
              durationMs: 2,
              retried: false,
            },
            {
              id: 'b',
              title: 'understands letters outside ASCII',
              tier: 'robust',
              points: 0,
              maxPoints: 25,
              status: 'failed',
              durationMs: 2,
              retried: true,
              failure: {
                reason: 'wrong',
                summary: 'Client 1 got a wrong answer.',
                expected: '"ABÉC"',
                received: '"ABéC"',
                difference: { offset: 2, expected: '"ABÉC"', received: '"ABéC"', caret: 3 },
                cause: 'A cause.',
                hint: 'A hint.',
                lastWords: '\u001B]0;title\u0007::error::no',
                repeat: 'npm run grade -- --check b',
              },
              transcript: [
                { atMs: 0.5, actor: 'grader', what: 'connects to port 12000', peer: 'client 1' },
                { atMs: 0.6, actor: 'grader', what: 'sends', peer: 'client 1', bytes: base64('abéc\r\n'), length: 7 },
                { atMs: 1.2, actor: 'stderr', what: 'prints', bytes: base64('\u001B[31mred\u0000'), length: 9 },
                { atMs: 12.3, actor: 'program', what: 'sends', peer: 'client 1', bytes: base64('ABéC'), length: 5 },
                { atMs: 20, actor: 'process', what: 'exits with 1' },
              ],
            },
            {
              id: 'c',
              title: 'goes on',
              tier: 'robust',
              points: 0,
              maxPoints: 10,
              status: 'skipped',
              durationMs: 0,
              retried: false,
              failure: { reason: 'skipped', summary: 'Not tried: it needs the check b, which did not pass.', hint: '' },
            },
          ],
        },
      ],
    },
  ],
}

test('a failure is told in order: what was seen, the first difference, the cause, the conversation, last words, hint, again', () => {
  expect(terminal(REPORT, { colour: false })).toMatchInlineSnapshot(`
    "TCP upper-case · server server.py  25/60
      note: The program ignores the port that it is given and listens on port 12000. It was graded there.
      ✓ answers a sentence (25/25)
      ✗ understands letters outside ASCII (0/25 robust, second try)
          Client 1 got a wrong answer.
          expected "ABÉC"
          received "ABéC"
                      ^ first difference, at byte 2
          A cause.
                0.5 ms  grader ──▶            connects to port 12000 [client 1]
                0.6 ms  grader ──▶            sends "abéc\\r\\n" [client 1]
                1.2 ms          ▏  program   prints "\\x1b[31mred\\x00" (standard error)
               12.3 ms         ◀── program   sends "ABéC" [client 1]
               20.0 ms          ·  program   exits with 1
          last words of the program:
          │ \\x1b]0;title\\x07::error::no
          hint A hint.
          again: npm run grade -- --check b

      – goes on (0/10 robust) Not tried: it needs the check b, which did not pass.

    25 of 60 points for ali\\x1bce in 1.2 s, seed 7
    "
  `)
})

test('nothing of a program reaches the terminal as a control character, with colours or without', () => {
  // oxlint-disable-next-line no-control-regex
  const control = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/
  expect(terminal(REPORT, { colour: false })).not.toMatch(control)
  expect(stripVTControlCharacters(terminal(REPORT, { colour: true }))).toBe(terminal(REPORT, { colour: false }))
})
