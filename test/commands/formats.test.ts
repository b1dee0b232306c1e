/** `as:`: how a post stands on networks that have several ways. */
import { describe, expect, it } from 'vitest';
import { facebook } from '../../src/publishers/facebook/rules.ts';
import { instagram } from '../../src/publishers/instagram/rules.ts';
import { playedNetwork } from '../helpers/played-network.ts';
import { mediaItem } from '../helpers/publishing.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { useStages } from '../helpers/stage.ts';

const createStage = useStages();
const files = {
  'tall.mp4': mediaItem('video', { name: 'tall.mp4', fastStart: true }),
  'wide.mp4': mediaItem('video', { name: 'wide.mp4', width: 1920, height: 1080, fastStart: true }),
};
const stage = () =>
  createStage({
    live: async (clock) => [facebook, instagram].map((rules) => playedNetwork(rules, clock)),
    files,
  });

describe('as:', () => {
  it('left out, each network does it its way, and the card says which', async () => {
    const { type } = await stage();
    const said = wordsOf(
      await type('/schedule when:"tomorrow 9:00" to:facebook,instagram,x media:tall.mp4 Ding'),
    );
    expect(said).toContain('Facebook @acme, as a reel');
    expect(said).toContain('Instagram @acme, as a reel');
    expect(said).toMatch(/X @acme$/m);
    const wide = wordsOf(await type('/schedule when:"tomorrow 9:00" to:facebook media:wide.mp4 Dong'));
    expect(wide).toMatch(/Facebook @acme$/m);
  });

  it('chosen, it is told; what a network does not have is a note, and a story nobody has an error with a way out', async () => {
    const { type, press, recipients, pass } = await stage();
    const feed = await type('/schedule when:"tomorrow 9:00" to:facebook,x as:feed media:tall.mp4 Ding');
    expect(wordsOf(feed)).toContain('Facebook @acme, in the feed');
    const reel = await type('/schedule when:"tomorrow 9:00" to:x as:reel media:tall.mp4 Dong');
    expect(wordsOf(reel)).toContain('there are no reels here; found: as:reel. It will be an ordinary post.');
    const story = await type('/schedule when:"tomorrow 9:00" to:instagram,x as:story media:a.jpg Words');
    expect(wordsOf(story)).toContain('[failed] X @acme: there are no stories here; found: as:story.');
    expect(wordsOf(story)).toContain('Instagram @acme, as a story');
    expect(wordsOf(story)).toContain('no words are shown here');
    expect(buttonsOf(story)).toContain(`schedule.others:${idIn(story)}`);
    const others = await press(`schedule.others:${idIn(story)}`);
    expect(wordsOf(others)).not.toContain('X @acme');
    await pass(26 * 3_600_000);
    const pictures = recipients.find(({ label }) => label === 'Instagram')?.capabilities.media.image;
    expect(pictures?.max).toBe(1);
    const shown = await type(`/show post:${idIn(story)}`);
    expect(wordsOf(shown)).toContain('[ok] Instagram @acme, as a story: published');
  });

  it('is set for one network with /edit', async () => {
    const { type, stores, workspaceId } = await stage();
    const made = await type('/schedule when:"tomorrow 9:00" to:instagram,x media:a.jpg Words');
    const changed = await type(`/edit post:${idIn(made)} to:instagram as:story`);
    expect(wordsOf(changed)).toContain('Changed.');
    expect(wordsOf(changed)).toContain('Instagram @acme, as a story');
    const post = await stores.posts.find(workspaceId, idIn(made));
    expect(post?.variants).toEqual({ instagram: { format: 'story' } });
  });

  it('rejects what is no way', async () => {
    const { type } = await stage();
    const said = wordsOf(await type('/post to:x as:carousel Words'));
    expect(said).toContain('feed');
    expect(said).toContain('story');
  });
});
