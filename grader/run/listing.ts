/** `--list`: exercises and checks with their points. */
import { checksOf, rolesOf, type Exercise } from '../check/exercise.ts'
import type { Role } from '../core/report.ts'

/** The exercises' checks, a line each. */
export function listing(exercises: readonly Exercise[], role?: Role): string {
  const lines = exercises.flatMap((exercise) => [
    `${exercise.id} — ${exercise.title}`,
    ...rolesOf(exercise).flatMap((own) =>
      role !== undefined && own !== role
        ? []
        : [
            `  ${own}`,
            ...checksOf(exercise, own).map(
              ({ id, title, tier, points }) =>
                `    ${String(points).padStart(3)}  ${tier.padEnd(6)}  ${id.padEnd(30)}  ${title}`,
            ),
          ],
    ),
  ])
  return `${lines.join('\n')}\n`
}
