/** How an exercise and its checks are written down. */
import type { Transport } from '../core/net.ts'
import type { Role, Tier } from '../core/report.ts'
import type { TcpServer } from '../wire/tcp-server.ts'
import type { UdpServer } from '../wire/udp-server.ts'
import type { ClientStage } from './client-stage.ts'
import type { ServerStage } from './server-stage.ts'

export interface Check<Stage> {
  /** Unique within its program, in kebab-case; it never changes. */
  id: string
  /** What a passing program does, as a sentence without its subject. */
  title: string
  tier: Tier
  points: number
  /** Checks of the same program without which this one says nothing; it is skipped when one of them failed. */
  needs?: readonly string[]
  /** The concept, and where to read about it. Never the solution. */
  hint: string
  /** A server check that has to have a program of its own, just started. */
  fresh?: boolean
  run(stage: Stage): Promise<void>
}

/** A check of a server, which plays its clients. */
export type ServerCheck = Check<ServerStage>
/** A check of a client, which plays its server. */
export type ClientCheck<Server = TcpServer | UdpServer> = Check<ClientStage<Server>>

interface ExerciseParts {
  id: string
  title: string
  server?: readonly ServerCheck[]
}

export type Exercise =
  | (ExerciseParts & { transport: 'tcp'; client?: readonly ClientCheck<TcpServer>[] })
  | (ExerciseParts & { transport: 'udp'; client?: readonly ClientCheck<UdpServer>[] })

/** The roles that an exercise has. */
export function rolesOf(exercise: Exercise): Role[] {
  return (['client', 'server'] as const).filter((role) => exercise[role] !== undefined)
}

/** The checks of one role. */
export function checksOf(exercise: Exercise, role: Role): readonly Check<never>[] {
  return exercise[role] ?? []
}

const PROGRAM_POINTS = 100
const LEAST_CORE_POINTS = 60

/** Takes an exercise as it is, after a look at what every exercise has to keep to. */
export function exercise<T extends Exercise & { transport: Transport }>(definition: T): T {
  for (const role of rolesOf(definition)) {
    const checks = checksOf(definition, role)
    const where = `${definition.id} ${role}`
    const ids = checks.map(({ id }) => id)
    const pointsOf = (...tiers: Tier[]): number =>
      checks.filter(({ tier }) => tiers.includes(tier)).reduce((sum, { points }) => sum + points, 0)
    if (new Set(ids).size < ids.length) throw new Error(`${where}: two checks have the same id`)
    if (pointsOf('core', 'robust') !== PROGRAM_POINTS) throw new Error(`${where}: core and robust points are not 100`)
    if (pointsOf('core') < LEAST_CORE_POINTS) throw new Error(`${where}: core has fewer than 60 points`)
    for (const [index, { id, needs = [] }] of checks.entries()) {
      const unknown = needs.find((need) => !ids.slice(0, index).includes(need))
      if (unknown !== undefined) throw new Error(`${where}, ${id}: "${unknown}" is no check before it`)
    }
  }
  return definition
}
