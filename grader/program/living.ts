/** What has to be ended when our own process ends early: programs and scratch folders. */

interface Endable {
  stopNow(): void
}

/** The programs that run now. */
export const living = new Set<Endable>()

/** Ends everything at once; for signals and for errors of ours. */
export function stopAllNow(): void {
  for (const program of living) program.stopNow()
  living.clear()
}
