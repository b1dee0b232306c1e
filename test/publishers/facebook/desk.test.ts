/** Facebook as people meet it: commands as they are typed, the real publisher, the simulator behind it. */
import { expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/clock.ts';
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { idIn, useStages, wordsOf } from '../../helpers/stage.ts';
import { type FacebookSimulator, startFacebookSimulator } from '../../simulators/meta/facebook.ts';
import { settingsFor } from './harness.ts';

const createStage = useStages();

async function start(t: { onTestFinished(done: () => Promise<void>): void }) {
  let facebook!: FacebookSimulator;
  const stage = await createStage({
    live: async (clock) => {
      facebook = await startFacebookSimulator({ now: () => clock.now() });
      return [createFacebookPublisher(settingsFor(facebook), clock)];
    },
  });
  t.onTestFinished(() => facebook.stop());
  return { ...stage, facebook };
}

it('a story: what it cannot carry is told before, and it goes out once although its answer is lost', async (t) => {
  const { type, pass, facebook } = await start(t);
  const made = await type('/schedule to:facebook when:"in 10 minutes" as:story media:shop.jpg Open today');
  expect(wordsOf(made)).toContain('Facebook acmebells, as a story');
  expect(wordsOf(made)).toContain('no words are shown here');
  facebook.faults.next('POST', /photo_stories$/, { do: 'drop', when: 'after' });
  await pass(20 * MINUTE);
  const [story] = facebook.stories();
  const shown = await type(`/show post:${idIn(made)}`);
  expect(wordsOf(shown)).toContain('[ok] Facebook acmebells, as a story: published');
  expect(JSON.stringify(shown)).toContain(`https://facebook.com/stories/${story?.id}`);
  expect([facebook.stories().length, facebook.created()]).toEqual([1, 1]);
});
