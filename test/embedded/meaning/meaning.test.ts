/**
 * Random documents, indexes, queries and changes: the answer through every index is the answer of a full scan, its order is
 * the sort's definition, a change through any plan leaves equal documents, and the indexes hold what the documents give.
 * EMBEDDED_MEANING_CASES=100000 npx vitest run test/embedded/meaning makes the long run; EMBEDDED_MEANING_SEED begins
 * elsewhere. A world that fails is made small and printed: keep it in found.test.ts.
 */
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalEngine, openLocalEngine } from './local-engine.ts';
import { planWorld, type WorldPlan } from './plan-world.ts';
import { shrink } from './shrink.ts';
import { runWorld } from './world.ts';

const CASES = Number(process.env.EMBEDDED_MEANING_CASES ?? 1_500);
const SEED = Number(process.env.EMBEDDED_MEANING_SEED ?? 1);
const WORLD = { documents: 30, indexes: 6, steps: 40 };
const MILLISECONDS_PER_CASE = 10;

let local: LocalEngine;
beforeAll(async () => {
  local = await openLocalEngine();
});
afterAll(() => local.close());

const show = ({ documents, indexes }: WorldPlan) =>
  inspect({ documents, indexes }, { depth: 9, breakLength: 120 });

it(`finds the same by every way in ${CASES} cases`, {
  timeout: 20_000 + CASES * MILLISECONDS_PER_CASE,
}, async () => {
  const counts = { questions: 0, writes: 0, found: 0 };
  for (let seed = SEED; counts.questions + counts.writes < CASES; seed++) {
    const plan = planWorld(seed, WORLD);
    if ((await runWorld(local, plan, counts)) === undefined) continue;
    const again = (candidate: WorldPlan) => runWorld(local, candidate, { questions: 0, writes: 0, found: 0 });
    const small = await shrink(plan, async (candidate) => (await again(candidate)) !== undefined);
    expect.fail(`seed ${seed}: ${await again(small)}\n${show(small)}`);
  }
  // A generator whose queries find nothing would prove nothing.
  expect(counts.found).toBeGreaterThan(CASES / 10);
  if (CASES > 10_000) console.log(counts);
});
