import { configDefaults, defineConfig } from 'vitest/config';

/** Files that start the built program, or a part of it, as processes of their own. */
const PROGRAMS = [
  'test/{e2e,tools}/**/*.test.ts',
  'test/embedded/{crash,faults}/**/*.test.ts',
  'test/embedded/built-server.test.ts',
];

const CLOSED_NETWORK = 'test/helpers/close-network.ts';
const SCRATCH_IN_MEMORY = 'test/helpers/scratch-in-memory.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    // One more than the processors of a small machine: about a third of the time a worker waits for a process that it started.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Tests that start whole programs share few processors; on a build machine one that ran out of time is tried again, twice at most.
    retry: process.env.CI ? 2 : 0,
    // The process runs in UTC on purpose: a test that depends on the host's zone would pass here and fail elsewhere.
    env: { TZ: 'UTC' },
    globalSetup: SCRATCH_IN_MEMORY,
    // Files that follow each other in a worker share what they import: loading the libraries anew for each of them took
    // longer than all tests together. A file leaves nothing behind that another could meet.
    isolate: false,
    projects: [
      // Projects run in the order of their names, and a worker goes on to the next file of the same one only. These wait the
      // most, for processes and for time to pass: at the end nothing would be left to do meanwhile.
      {
        extends: true,
        test: {
          name: 'built',
          include: PROGRAMS,
          setupFiles: [CLOSED_NETWORK, 'test/helpers/built-first.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...PROGRAMS],
          setupFiles: [CLOSED_NETWORK],
        },
      },
    ],
  },
});
