import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['grader/**/*.test.ts'],
    // A busy machine is no reason for a test to fail; the grader's own limits end what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
