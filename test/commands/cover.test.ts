/** `cover:`, and a picture beside a video: what stands for a video until it is played. */
import { describe, expect, it } from 'vitest';
import { facebook } from '../../src/publishers/facebook/rules.ts';
import { instagram } from '../../src/publishers/instagram/rules.ts';
import { playedNetwork } from '../helpers/played-network.ts';
import { mediaItem } from '../helpers/publishing.ts';
import { idIn, wordsOf } from '../helpers/replies.ts';
import { useStages } from '../helpers/stage.ts';

const createStage = useStages();
const stage = () =>
  createStage({
    live: async (clock) => [facebook, instagram].map((rules) => playedNetwork(rules, clock)),
    files: { 'tall.mp4': mediaItem('video', { name: 'tall.mp4', fastStart: true, durationMs: 12_000 }) },
  });

describe('cover:', () => {
  it('a moment is told where it is taken, and where the network chooses by itself', async () => {
    const { type, stores, workspaceId } = await stage();
    const said = await type(
      '/schedule when:"tomorrow 9:00" to:instagram,facebook media:tall.mp4 cover:0:03 Ding',
    );
    expect(wordsOf(said)).toContain('Instagram @acme, as a reel, cover: the frame at 0:03');
    expect(wordsOf(said)).toMatch(/Facebook @acme, as a reel$/m);
    expect(wordsOf(said)).toContain(
      'Facebook @acme: the cover of a video is chosen by the network here; found: cover:0:03. It will be left out.',
    );
    expect((await stores.posts.find(workspaceId, idIn(said)))?.words.cover).toBe(3);
  });

  it('a moment that the video does not have is no moment, with its length; /edit mends it', async () => {
    const { type } = await stage();
    const draft = await type('/schedule when:"tomorrow 9:00" to:instagram media:tall.mp4 cover:0:30 Ding');
    expect(wordsOf(draft)).toContain(
      '[failed] Instagram @acme: a moment within the video, which is 12 s long; found: cover:0:30. Name an earlier moment with cover:.',
    );
    const mended = wordsOf(await type(`/edit post:${idIn(draft)} cover:0:12`));
    expect(mended).toContain('cover: the frame at 0:12');
    expect(mended).not.toContain('[failed]');
    expect(wordsOf(await type('/post to:instagram media:tall.mp4 cover:soon Ding'))).toContain('cover:0:03');
  });

  it('without a video it says nothing; beside a picture the picture counts', async () => {
    const { type } = await stage();
    const picture = wordsOf(
      await type('/schedule when:"tomorrow 9:00" to:instagram media:a.jpg cover:0:03 Ding'),
    );
    expect(picture).toContain('a cover is that of a video; found: cover:0:03');
    const both = await type(
      '/schedule when:"tomorrow 9:00" to:instagram as:reel media:tall.mp4 media:a.jpg cover:0:03 Dong',
    );
    expect(wordsOf(both)).toContain('Instagram @acme, as a reel, cover: your picture');
    expect(wordsOf(both)).toContain('a picture beside a video is its cover; found: cover:0:03');
  });

  it('a picture beside a video stays a part of a carousel, unless it is to be a reel; two pictures are none', async () => {
    const { type } = await stage();
    const carousel = wordsOf(
      await type('/schedule when:"tomorrow 9:00" to:instagram media:tall.mp4 media:a.jpg Ding'),
    );
    expect(carousel).not.toContain('cover:');
    const two = wordsOf(
      await type(
        '/schedule when:"tomorrow 9:00" to:instagram as:reel media:tall.mp4 media:a.jpg media:b.jpg Dong',
      ),
    );
    expect(two).toContain('[failed] Instagram @acme: as a reel: no pictures; found: 2.');
  });
});
