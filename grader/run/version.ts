/** The grader's version; a change to any check or its points changes it. */
import manifest from '../../package.json' with { type: 'json' }

export const VERSION: string = manifest.version
