/** The reporters by their names. Each takes a report and returns a text. */
import type { Report } from '../core/report.ts'

interface ReporterOptions {
  /** Whether the text goes to somebody who sees colours. */
  colour: boolean
}

/** Makes a text of a report. */
export type Reporter = (report: Report, options: ReporterOptions) => string

/** Loaded only when asked for. */
export const REPORTERS: Readonly<Record<string, () => Promise<Reporter>>> = {
  terminal: async () => (await import('./terminal.ts')).terminal,
  json: async () => (await import('./json.ts')).json,
  junit: async () => (await import('./junit.ts')).junit,
}
