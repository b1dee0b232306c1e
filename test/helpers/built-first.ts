/** For files that start the built program: there is a build of the sources as they are before their first test. */
import { beforeAll } from 'vitest';
import { buildOnce } from './build.ts';

const BUILD_MAX_MS = 180_000;
beforeAll(() => buildOnce(), BUILD_MAX_MS);
