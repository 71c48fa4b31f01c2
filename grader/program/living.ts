/** What has to be ended when our own process ends early: programs and scratch folders. */

interface Endable {
  stopNow(): void
}

/** The scratch folders and programs that are there now; what came last goes first. */
export const living = new Set<Endable>()

/** Ends everything at once, programs before the folders that they write to; for signals and for errors of ours. */
export function stopAllNow(): void {
  for (const one of [...living].toReversed()) one.stopNow()
  living.clear()
}
