/**
 * The report, version 1: what a grading run found. Other programs rely on it: fields may be added, never renamed.
 * This schema is the one source; the types and the published JSON Schema (grader/report/report.schema.json) come from it.
 */
import { z } from 'zod'

const Points = z.int().min(0)

const TranscriptEntry = z.object({
  atMs: z.number().describe('milliseconds since the check began'),
  actor: z.enum(['grader', 'program', 'stdout', 'stderr', 'process']),
  what: z.string().describe('what was done: connects, sends, closes, resets, exits with 1, …'),
  peer: z.string().optional().describe("the grader's end of the wire, such as client 1"),
  bytes: z.base64().optional().describe('the bytes, perhaps only their beginning'),
  length: Points.optional().describe('how many bytes there were'),
})

const Failure = z.object({
  reason: z.string().describe('what was seen, as a word: silent, partial, wrong, closed-early, …'),
  summary: z.string().describe("one sentence in the student's words"),
  expected: z.string().optional().describe('quoted, control characters visible'),
  received: z.string().optional().describe('quoted, control characters visible'),
  difference: z
    .object({
      offset: Points,
      expected: z.string(),
      received: z.string(),
      caret: Points.describe('column of the first difference in both texts'),
    })
    .optional(),
  cause: z.string().optional().describe('what the evidence says about why'),
  hint: z.string().describe('the concept, and where to read about it'),
  lastWords: z.string().optional().describe('the end of what the program wrote to standard error or output'),
  ending: z.string().optional().describe('how the program ended, if it did'),
  repeat: z.string().optional().describe('the command that runs exactly this check again'),
})

const CheckResult = z.object({
  id: z.string(),
  title: z.string(),
  tier: z.enum(['core', 'robust', 'bonus']),
  points: Points,
  maxPoints: Points,
  status: z.enum(['passed', 'failed', 'skipped', 'broken']),
  durationMs: z.number(),
  retried: z.boolean().describe('the first try ran out of time; the second one counts'),
  failure: Failure.optional(),
  transcript: z.array(TranscriptEntry).optional(),
})

const ProgramResult = z.object({
  role: z.enum(['client', 'server']),
  file: z.string().optional(),
  command: z.array(z.string()).optional(),
  status: z.enum(['graded', 'missing', 'ambiguous', 'build-failed']),
  message: z.string().optional().describe('what to do, when the status is not graded'),
  notes: z.array(z.string()).describe('what the student should know and what costs nothing'),
  points: Points,
  maxPoints: Points,
  bonusPoints: Points,
  checks: z.array(CheckResult),
})

const ExerciseResult = z.object({
  id: z.string(),
  title: z.string(),
  points: Points,
  maxPoints: Points,
  bonusPoints: Points,
  programs: z.array(ProgramResult),
})

export const Report = z.object({
  format: z.literal('wiregrade-report'),
  version: z.literal(1),
  grader: z.string(),
  seed: z.int(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  isolation: z.enum(['bubblewrap', 'none']),
  needsRegrading: z.boolean().describe('a check was broken: this is no verdict on the student'),
  submission: z.object({ name: z.string(), path: z.string() }),
  points: Points,
  maxPoints: Points,
  bonusPoints: Points,
  exercises: z.array(ExerciseResult),
})

export type Report = z.infer<typeof Report>
export type ExerciseResult = z.infer<typeof ExerciseResult>
export type ProgramResult = z.infer<typeof ProgramResult>
export type CheckResult = z.infer<typeof CheckResult>
export type FailureReport = z.infer<typeof Failure>
export type TranscriptReport = z.infer<typeof TranscriptEntry>
export type Status = CheckResult['status']
export type Tier = CheckResult['tier']
export type Role = ProgramResult['role']
