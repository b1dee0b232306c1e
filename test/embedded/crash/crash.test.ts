/**
 * SIGKILL amid writers: each acknowledged command is there afterwards, each command is whole or absent, every index,
 * counter and the catalogue are equal to a full scan.
 * `npm run bench -- crash` makes the long run; EMBEDDED_CRASH_ROUNDS and EMBEDDED_CRASH_SEED change this one.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Build, isolateEmbedded } from '../built-server.ts';
import { temporaryDirectory } from '../harness.ts';
import { crashRounds } from './rounds.ts';

const ROUNDS = Number(process.env.EMBEDDED_CRASH_ROUNDS ?? 4);
const SEED = Number(process.env.EMBEDDED_CRASH_SEED ?? 1);
const MILLISECONDS_PER_ROUND = 20_000;

let build: Build;
const directory = temporaryDirectory();
beforeAll(() => {
  build = isolateEmbedded();
});
afterAll(() => {
  build.remove();
  rmSync(directory, { recursive: true, force: true });
});

it('loses nothing that was acknowledged and leaves nothing half done', {
  timeout: ROUNDS * MILLISECONDS_PER_ROUND,
}, async () => {
  const figures = await crashRounds(build, directory, { seed: SEED, rounds: ROUNDS });
  expect(figures).toMatchObject({ rounds: ROUNDS, lost: 0, halfDone: 0, faults: [] });
  expect(figures.acknowledged).toBeGreaterThan(ROUNDS * 10);
});
