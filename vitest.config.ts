import { defineConfig } from 'vitest/config'

/** Nodes of tests do not prove what hardware can do, which would keep the machine at work; tests of that say otherwise. */
const env = { PACELINE_PROOFS: 'off' }

const longTests = 'test/**/*.long.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'web/src/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          // Vitest would take one on two cores; a third fills the time in which the others wait.
          maxWorkers: 3,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'system',
          env,
          include: ['test/**/*.test.ts'],
          exclude: [longTests],
          pool: 'forks',
          // They wait more than they work.
          maxWorkers: 3,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // After the unit tests, not beside them: these start processes and watch the clock.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'long',
          env,
          include: [longTests],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 1_200_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
