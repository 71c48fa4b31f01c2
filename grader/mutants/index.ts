/** The faulty programs of every exercise. */
import type { Mutant } from './mutant.ts'
import { tcpUppercase } from './tcp-uppercase.ts'
import { udpUppercase } from './udp-uppercase.ts'

export const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  'udp-uppercase': udpUppercase,
  'tcp-uppercase': tcpUppercase,
}
