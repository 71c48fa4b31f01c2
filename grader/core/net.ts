/** Words about the network that every part shares. */

export type Transport = 'tcp' | 'udp'

/** A numeric address and a port. */
export interface Address {
  address: string
  port: number
}

/** Ports that the course's own programs insist on. */
export const COURSE_PORTS: readonly number[] = [12_000, 12_345, 29_876]
