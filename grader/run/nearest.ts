/** Help for a mistyped name. */
import { closestMatch } from 'leven'

/** `; did you mean "x"? (known: …)` for the nearest of the known names. */
export function nearest(name: string, known: readonly string[]): string {
  const match = closestMatch(name, known, { maxDistance: Math.max(3, Math.floor(name.length / 2)) })
  const names = [...new Set(known)]
  return match === undefined ? ` (there are ${names.join(', ')})` : `; did you mean "${match}"?`
}
