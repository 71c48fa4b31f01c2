/** Points: how checks add up. */
import type { CheckResult, ExerciseResult, ProgramResult, Report } from './report.ts'

interface Points {
  points: number
  maxPoints: number
  bonusPoints: number
}

/** The points of checks: bonus is counted apart and adds nothing to the maximum. */
export function scoreChecks(checks: readonly Pick<CheckResult, 'tier' | 'points' | 'maxPoints'>[]): Points {
  const counted = checks.filter((check) => check.tier !== 'bonus')
  const bonus = checks.filter((check) => check.tier === 'bonus')
  return {
    points: sum(counted.map((check) => check.points)),
    maxPoints: sum(counted.map((check) => check.maxPoints)),
    bonusPoints: sum(bonus.map((check) => check.points)),
  }
}

/** The points of the parts, added up. */
export function addPoints(parts: readonly Points[]): Points {
  return {
    points: sum(parts.map((part) => part.points)),
    maxPoints: sum(parts.map((part) => part.maxPoints)),
    bonusPoints: sum(parts.map((part) => part.bonusPoints)),
  }
}

/** 0: every core and robust check passed; 1: points were lost; 2: the grader itself broke. */
export function exitCodeOf(report: Report): 0 | 1 | 2 {
  if (report.needsRegrading) return 2
  return report.points === report.maxPoints ? 0 : 1
}

/** Every program of a report with the exercise that it belongs to. */
export function programsOf(report: Report): { exercise: ExerciseResult; program: ProgramResult }[] {
  return report.exercises.flatMap((exercise) => exercise.programs.map((program) => ({ exercise, program })))
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
