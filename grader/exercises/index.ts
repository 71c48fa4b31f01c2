/** The course: every exercise, in its order. */
import type { Exercise } from '../check/exercise.ts'
import tcpUppercase from './tcp-uppercase.ts'
import udpUppercase from './udp-uppercase.ts'

export const EXERCISES: readonly Exercise[] = [udpUppercase, tcpUppercase]
