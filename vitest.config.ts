import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**', 'dist/**'],
    setupFiles: ['test/helpers/close-network.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    // Tests that start whole programs share few processors; on a build machine one that ran out of time is tried again, twice at most.
    retry: process.env.CI ? 2 : 0,
    hookTimeout: 30_000,
    // The process runs in UTC on purpose: a test that depends on the host's zone would pass here and fail elsewhere.
    env: { TZ: 'UTC' },
  },
});
