/** Tumblr as people meet it: commands as they are typed, the real publisher, the simulator behind it. */
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/clock.ts';
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import type { TumblrSettings } from '../../../src/publishers/tumblr/settings.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { idIn, wordsOf } from '../../helpers/replies.ts';
import { useStages } from '../../helpers/stage.ts';
import { startTumblrSimulator, type TumblrSimulator } from '../../simulators/tumblr/server.ts';

const createStage = useStages();

async function start(
  t: { onTestFinished(done: () => Promise<void>): void },
  settings: (simulator: TumblrSimulator) => Partial<TumblrSettings> = () => ({}),
) {
  let tumblr!: TumblrSimulator;
  const stage = await createStage({
    live: async (clock, random) => {
      tumblr = await startTumblrSimulator({ now: () => clock.now() });
      const { credentials, blog, url: apiUrl } = tumblr;
      const given = { credentials, blogs: [blog.name], apiUrl, ...settings(tumblr) };
      return [createTumblrPublisher(given, memoryVault(), clock, random)];
    },
  });
  t.onTestFinished(() => tumblr.stop());
  const shown = async (id: string) => wordsOf(await stage.type(`/show post:${id}`));
  return { stage, tumblr, shown };
}

describe('a post to Tumblr', () => {
  it('keeps paragraphs and links, and has a title, a card and tags', async (t) => {
    const { stage, tumblr, shown } = await start(t);
    const reply = await stage.type(
      '/post to:tumblr title:Bells link:https://example.org/menu Ding https://example.org/a\n\nDong #bells #big_bells',
    );
    await stage.pass(SECOND);
    const [post] = tumblr.posts();
    expect(post?.blocks).toEqual([
      { type: 'text', subtype: 'heading1', text: 'Bells' },
      {
        type: 'text',
        text: 'Ding https://example.org/a',
        formatting: [{ start: 5, end: 26, type: 'link', url: 'https://example.org/a' }],
      },
      { type: 'text', text: 'Dong #bells #big_bells' },
      { type: 'link', url: 'https://example.org/menu' },
    ]);
    expect(post?.tags).toEqual(['bells', 'big_bells']);
    expect(await shown(idIn(reply))).toContain('[ok] Tumblr acme-bells: published');
  });

  it('has up to 30 pictures with their alt texts; more are a draft', async (t) => {
    const { stage, tumblr } = await start(t);
    const files = (count: number) =>
      Array.from({ length: count }, (_, index) => `media:${index}.png`).join(' ');
    await stage.type(`/post to:tumblr ${files(30)} alt:"The first" alt:"The second" Many`);
    await stage.pass(SECOND);
    expect(
      tumblr
        .posts()[0]
        ?.files.map(({ alt }) => alt)
        .slice(0, 3),
    ).toEqual(['The first', 'The second', undefined]);
    expect(tumblr.posts()[0]?.files).toHaveLength(30);
    expect(wordsOf(await stage.type(`/post to:tumblr ${files(31)} Too many`))).toContain('at most 30');
    expect(tumblr.posts()).toHaveLength(1);
  });

  it('with a native video is followed until the blog shows it', async (t) => {
    const { stage, tumblr, shown } = await start(t);
    const id = idIn(await stage.type('/post to:tumblr media:clip.mp4 Moving'));
    await stage.pass(SECOND);
    expect(await shown(id)).toContain('[working] Tumblr acme-bells');
    await stage.pass(3 * MINUTE);
    expect(await shown(id)).toContain('[ok] Tumblr acme-bells: published');
    expect(tumblr.posts()[0]?.files).toMatchObject([{ kind: 'video' }]);
    expect(tumblr.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('waits for the next day when Tumblr says that the day has no room, and says so', async (t) => {
    const { stage, tumblr, shown } = await start(t);
    tumblr.use('videos', 20);
    const id = idIn(await stage.type('/post to:tumblr media:clip.mp4 Tomorrow'));
    await stage.pass(SECOND);
    expect(await shown(id)).toContain('Tumblr takes 0 more videos today, and this post needs 1.');
    expect(tumblr.posts()).toEqual([]);
    await stage.pass(DAY);
    expect(await shown(id)).toContain('[ok] Tumblr acme-bells: published');
  });
});

describe('several blogs', () => {
  const both = ({ blog, otherBlog }: TumblrSimulator) => ({ blogs: [blog.name, otherBlog.name] });

  it('are accounts of their own, for whoever names one, some or all', async (t) => {
    const { stage, tumblr, shown } = await start(t, both);
    expect(wordsOf(await stage.type('/accounts'))).toMatch(/tumblr:other-blog[\s\S]*tumblr:acme-bells/);
    const id = idIn(await stage.type('/post to:tumblr For both'));
    await stage.type('/post to:tumblr:other-blog For one');
    await stage.pass(SECOND);
    const texts = (posts: ReturnType<TumblrSimulator['posts']>) => posts.map(({ blocks }) => blocks[0]?.text);
    expect(texts(tumblr.posts())).toEqual(['For both']);
    expect(texts(tumblr.otherPosts())).toEqual(['For both', 'For one']);
    expect(await shown(id)).toContain('published');
  });

  it('are looked at each by itself when an answer was lost', async (t) => {
    const { stage, tumblr, shown } = await start(t, both);
    tumblr.faults.next('POST', /other-blog\/posts$/, { do: 'drop', when: 'after' });
    const id = idIn(await stage.type('/post to:tumblr Lost on one'));
    await stage.pass(HOUR);
    expect(await shown(id)).toContain('[ok] Tumblr other-blog: published');
    expect([tumblr.posts().length, tumblr.otherPosts().length]).toEqual([1, 1]);
  });

  it('share the allowance of their person: each finds out by itself and waits', async (t) => {
    const { stage, tumblr, shown } = await start(t, both);
    tumblr.use('photos', 249);
    const id = idIn(await stage.type('/post to:tumblr media:a.png One each'));
    await stage.pass(SECOND);
    expect([tumblr.posts().length, tumblr.otherPosts().length].toSorted()).toEqual([0, 1]);
    await stage.pass(DAY);
    expect(await shown(id)).not.toContain('[waiting]');
    expect([tumblr.posts().length, tumblr.otherPosts().length]).toEqual([1, 1]);
  });
});

describe('access by OAuth 2', () => {
  it('that has run out is renewed on the way, and the post goes out once', async (t) => {
    const { stage, tumblr, shown } = await start(t, ({ bearer, credentials }) => ({
      credentials: {
        ...bearer.tokens(),
        consumerKey: credentials.consumerKey,
        consumerSecret: credentials.consumerSecret,
      },
    }));
    tumblr.bearer.expire();
    const id = idIn(await stage.type('/post to:tumblr Renewed'));
    await stage.pass(MINUTE);
    expect(await shown(id)).toContain('[ok] Tumblr acme-bells: published');
    expect(tumblr.posts()).toHaveLength(1);
  });

  it('that cannot be renewed stops the account and says what to set', async (t) => {
    const { stage, tumblr, shown } = await start(t, ({ bearer }) => ({
      credentials: { accessToken: bearer.tokens().accessToken },
    }));
    tumblr.bearer.expire();
    const id = idIn(await stage.type('/post to:tumblr Refused'));
    await stage.pass(SECOND);
    expect(await shown(id)).toContain('Tumblr refuses the credentials');
    expect(await shown(id)).toContain('TUMBLR_REFRESH_TOKEN');
    expect(tumblr.posts()).toEqual([]);
  });
});
