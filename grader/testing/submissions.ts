/** Small submissions for tests, in folders of their own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CheckResult, ProgramResult, Report, Role } from '../core/report.ts'
import { EXERCISES } from '../exercises/index.ts'
import { gradeSubmission } from '../run/grade-submission.ts'

/** A folder that is removed at the end of the block. */
export class Folder implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** @param files contents by relative path */
  static async with(files: Readonly<Record<string, string>>): Promise<Folder> {
    const path = await mkdtemp(join(tmpdir(), 'wiregrade-test-'))
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(path, name)), { recursive: true })
      await writeFile(join(path, name), content)
    }
    return new Folder(path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}

/** Grades a submission made of these files. */
export async function gradeFiles(
  files: Readonly<Record<string, string>>,
  exercise?: string,
  roles?: Role[],
): Promise<Report> {
  await using folder = await Folder.with(files)
  const { signal } = new AbortController()
  const exercises = EXERCISES.filter(({ id }) => exercise === undefined || id === exercise)
  return await gradeSubmission(folder.path, { seed: 7, exercises, roles, signal })
}

/** Grades one program of one exercise. */
export async function gradeOne(exercise: string, role: Role, file: string, source: string): Promise<ProgramResult> {
  const report = await gradeFiles({ [`${exercise}/${file}`]: source }, exercise, [role])
  const program = report.exercises[0]?.programs[0]
  if (program === undefined) throw new Error('Nothing was graded')
  return program
}

/** The ids of the checks that did not pass. */
export function lost(checks: readonly CheckResult[]): string[] {
  return checks.filter(({ status }) => status !== 'passed').map(({ id }) => id)
}
