/** Facebook as people meet it: commands as they are typed, the real publisher, the simulator behind it. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../../src/core/clock.ts';
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { content, mediaItem, publishAll } from '../../helpers/publishing.ts';
import { buttonsOf, idIn, wordsOf } from '../../helpers/replies.ts';
import { useStages } from '../../helpers/stage.ts';
import { type FacebookSimulator, startFacebookSimulator } from '../../simulators/meta/facebook.ts';
import { settingsFor, startFacebook } from './harness.ts';

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

describe('a person says that it is there', () => {
  /** It is there, and nothing that the bot looked at told so. */
  async function lost(t: Parameters<typeof start>[0]) {
    const stage = await start(t);
    const { type, pass, facebook } = stage;
    facebook.faults.next('POST', /feed$/, { do: 'drop', when: 'after' });
    facebook.faults.next('GET', /published_posts$/, { do: 'answer', status: 500, body: '' }, 6);
    const id = idIn(await type('/post to:facebook Hello'));
    await pass(2 * HOUR);
    const { permalink_url: address } = (await fetchPost(facebook)) ?? {};
    return { ...stage, id, address: address ?? '' };
  }

  const removing = async ({ type, press }: Awaited<ReturnType<typeof lost>>, id: string) => {
    const asked = await type(`/remove post:${id}`);
    const [confirm] = buttonsOf(asked);
    return confirm ? press(confirm) : asked;
  };

  it('by an address whose word no call takes: it is found in the list, and can be removed', async (t) => {
    const stage = await lost(t);
    const { press, pass, facebook, id, address } = stage;
    expect(address).toContain('/posts/pfbid');
    expect(wordsOf(await press(`retry.there:${id}:facebook1`, `${address}?ref=share`))).toContain(
      'Noted as published.',
    );
    await removing(stage, id);
    await pass(MINUTE);
    expect(facebook.created()).toBe(0);
  });

  it('by an address that tells nothing: it is noted, and what does not work then is told for good', async (t) => {
    const stage = await lost(t);
    const { press, type, facebook, id } = stage;
    const other = await press(`retry.there:${id}:facebook1`, 'https://www.example.org/acme/posts/1');
    expect(wordsOf(other)).toContain('is no address of a post on Facebook');
    const said = wordsOf(
      await press(`retry.there:${id}:facebook1`, 'https://www.facebook.com/share/p/1AbC/'),
    );
    expect(said).toContain('Noted as published.');
    expect(said).toContain('could not be found out, so /stats and /remove cannot reach it');
    expect(wordsOf(await type(`/stats ${id}`))).toContain('It is not known which post it is there');
    expect(wordsOf(await removing(stage, id))).toContain('it is not known which post it is');
    expect(facebook.created()).toBe(1);
  });

  it.each([
    ['https://www.facebook.com/acmebells/videos/a-film/122000000000777/', '122000000000777'],
    ['https://www.facebook.com/reel/122000000000777', '122000000000777'],
    ['https://m.facebook.com/watch/?v=122000000000777', '122000000000777'],
    ['https://www.facebook.com/acmebells/posts/122000000000777', 'PAGE_122000000000777'],
    ['https://www.facebook.com/permalink.php?story_fbid=122000000000777&id=1', 'PAGE_122000000000777'],
    ['https://www.facebook.com/104857600000001_122000000000777', '104857600000001_122000000000777'],
  ])('%s has its number in it', async (address, id) => {
    const { publisher, account, simulator, clock, calls } = await startFacebook();
    const signal = new AbortController().signal;
    const located = await publisher.locate?.({ account, url: new URL(address), sentAt: clock.now(), signal });
    expect(located).toEqual({ id: id.replace('PAGE', simulator.pageId) });
    expect(calls()).toEqual([]);
  });

  it('of a story: by the address in its list', async () => {
    const { publisher, account, simulator, clock, options } = await startFacebook();
    await publishAll(publisher, options(content({ format: 'story' }, [mediaItem('image')])));
    const [story] = simulator.stories();
    const url = new URL(`https://www.facebook.com/stories/${story?.id}/`);
    const signal = new AbortController().signal;
    expect(await publisher.locate?.({ account, url, sentAt: clock.now(), signal })).toEqual({
      id: story?.id,
    });
  });
});

/** As somebody sees it who looks at the page. */
async function fetchPost({
  apiUrl,
  pageId,
  token,
}: FacebookSimulator): Promise<{ permalink_url: string } | undefined> {
  const address = `${apiUrl}/v25.0/${pageId}/published_posts?fields=permalink_url`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { data: { permalink_url: string }[] }).data[0];
}
