/**
 * The whole life of many posts on a virtual clock, with faults and restarts by a seed: whatever happens, nothing is lost,
 * doubled or told wrongly. CHAOS_SEEDS=1,2,3 makes other runs.
 */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/clock.ts';
import { failure, rateLimited } from '../../../src/core/errors.ts';
import { createSeededRandom } from '../../helpers/manual-clock.ts';
import {
  accept,
  type Behaviour,
  failBefore,
  loseAnswer,
  loseRequest,
  refuse,
} from '../../helpers/played-network.ts';
import { idIn } from '../../helpers/replies.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';

const SEEDS = (process.env.CHAOS_SEEDS ?? '11,23').split(',').map(Number);
const POSTS = 10;

const createStage = useStages();

function behaviours(stage: Stage): readonly Behaviour[] {
  const unavailable = () =>
    failure('PlatformUnavailable', { code: 'PLATFORM_UNAVAILABLE', message: 'Away.', hint: 'Later.' });
  return [
    accept,
    accept,
    loseAnswer,
    loseRequest,
    failBefore(unavailable()),
    refuse(unavailable()),
    refuse(failure('ContentRejected', { code: 'CONTENT_REJECTED', message: 'No.', hint: 'Change it.' })),
    (context, create) =>
      refuse(
        rateLimited(new Date(stage.clock.now().getTime() + 5 * MINUTE), {
          code: 'RATE_LIMITED',
          message: 'Slowly.',
          hint: 'Wait.',
        }),
      )(context, create),
    async (context, create) => {
      await context.creating({ text: context.content.text, mediaCount: 0 });
      create();
      throw new Error('the answer was garbage');
    },
  ];
}

describe.each(SEEDS)('seed %i', (seed) => {
  it('nothing is lost, nothing is doubled, everything is told', async () => {
    const stage = await createStage({ seed });
    const random = createSeededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.fraction() * list.length)] as T;
    for (let count = 0; count < 60; count += 1) {
      stage.x.script.push(pick(behaviours(stage)));
      stage.tumblr.script.push(pick(behaviours(stage)));
    }
    const ids: string[] = [];
    for (let count = 0; count < POSTS; count += 1) {
      const minutes = 1 + Math.floor(random.fraction() * 90);
      ids.push(idIn(await stage.type(`/schedule to:all when:"in ${minutes} min" Post number ${count}`)));
      if (random.fraction() < 0.2) await stage.restart();
      await stage.pass(Math.floor(random.fraction() * 5) * MINUTE + SECOND);
    }
    for (let round = 0; round < 6; round += 1) {
      await stage.pass(HOUR / 2);
      if (random.fraction() < 0.5) await stage.restart();
    }
    await stage.pass(DAY);

    const deliveries = await stage.stores.deliveries.ofPosts(stage.workspaceId, ids);
    expect(deliveries).toHaveLength(2 * POSTS);
    const count = (network: 'x' | 'tumblr', id: string) =>
      stage[network].wall.filter((each) => each.delivery === id).length;
    for (const delivery of deliveries) {
      const times = count(delivery.network as 'x' | 'tumblr', delivery.id);
      expect(times, `${delivery.id} stands on the network`).toBeLessThanOrEqual(1);
      expect(['published', 'failed'], `${delivery.id} is settled`).toContain(delivery.state);
      expect(times, `${delivery.id} is told as it is`).toBe(delivery.state === 'published' ? 1 : 0);
    }
    const outcomes = stage.told.filter((each) => each.kind === 'send').map((each) => each.nonce);
    expect(new Set(outcomes).size).toBe(outcomes.length);
    for (const id of ids)
      expect(
        outcomes.some((nonce) => nonce?.startsWith(`${id}.outcome`)),
        `${id} is told`,
      ).toBe(true);
  });
});
