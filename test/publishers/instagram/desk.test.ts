/** Instagram as people meet it: commands as they are typed, the real publisher, the simulator behind it. */
import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/core/clock.ts';
import { createInstagramPublisher } from '../../../src/publishers/instagram/publisher.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import { useStages } from '../../helpers/stage.ts';
import { type InstagramSimulator, startInstagramSimulator } from '../../simulators/meta/instagram.ts';
import { settingsFor, video } from './harness.ts';

const createStage = useStages();

async function start(t: { onTestFinished(done: () => Promise<void>): void }) {
  let instagram!: InstagramSimulator;
  const stage = await createStage({
    files: { 'reel.mp4': video() },
    live: async (clock) => {
      instagram = await startInstagramSimulator({ now: () => clock.now() });
      return [createInstagramPublisher(settingsFor(instagram), clock)];
    },
  });
  t.onTestFinished(() => instagram.stop());
  return { ...stage, instagram };
}

/** It is there, and nothing that the bot looked at told so. */
async function lost(stage: Awaited<ReturnType<typeof start>>) {
  const { type, pass, instagram } = stage;
  instagram.faults.next('POST', /media_publish$/, { do: 'drop', when: 'after' });
  instagram.faults.next('GET', /\/media$/, { do: 'answer', status: 500, body: '' }, 6);
  const id = idIn(await type('/post to:instagram media:reel.mp4 Hello'));
  await pass(3 * HOUR);
  return id;
}

it('“It is there” with an address: its shortcode is looked up, and the reel can be counted and removed', async (t) => {
  const stage = await start(t);
  const { type, press, pass, instagram } = stage;
  const id = await lost(stage);
  const [reel] = instagram.media();
  const address = `https://www.instagram.com/acme/reel/${reel?.id.slice(-6)}/?igsh=abc`;
  expect(wordsOf(await press(`retry.there:${id}:instagram1`, address))).toContain('Noted as published.');
  expect(wordsOf(await type(`/stats ${id}`))).toContain('0 likes');
  await press(buttonsOf(await type(`/remove post:${id}`))[0] ?? '');
  await pass(MINUTE);
  expect(instagram.media()).toEqual([]);
});

it('with the address of something that the account has not published since, that is told for good', async (t) => {
  const stage = await start(t);
  const { press } = stage;
  const id = await lost(stage);
  const profile = await press(`retry.there:${id}:instagram1`, 'https://www.instagram.com/acme/');
  expect(wordsOf(profile)).toContain('is no address of a post on Instagram');
  const said = wordsOf(await press(`retry.there:${id}:instagram1`, 'https://www.instagram.com/p/C-other/'));
  expect(said).toContain('could not be found out, so /stats and /remove cannot reach it');
});
