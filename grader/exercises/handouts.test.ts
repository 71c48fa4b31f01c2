import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checksOf, rolesOf } from '../check/exercise.ts'
import { EXERCISES } from './index.ts'

test.for(EXERCISES.map((exercise) => [exercise.id, exercise] as const))(
  'the handout of %s tells the points as they are',
  ([id, exercise]) => {
    const handout = readFileSync(new URL(`../../assignments/${id}/README.md`, import.meta.url), 'utf8')
    const rows = [...handout.matchAll(/^\| `([^`]+)` \| (\w+) \| (\d+) \| (.*) \|$/gm)].map(
      ([, check, tier, points, title]) => [check, tier, Number(points), title],
    )
    const checks = (['server', 'client'] as const)
      .filter((role) => rolesOf(exercise).includes(role))
      .flatMap((role) => checksOf(exercise, role).map((check) => [check.id, check.tier, check.points, check.title]))
    expect(rows).toEqual(checks)
  },
)
