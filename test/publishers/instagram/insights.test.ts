import { describe, expect, it } from 'vitest';
import { content, insightsContext, mediaItem, publishAll } from '../../helpers/publishing.ts';
import { startInstagram } from './harness.ts';

const NUMBERS = { likes: 31, comments: 4, views: 1204, reach: 800, saved: 7, shares: 2 };
const TOLD = { views: 1204, reach: 800, likes: 31, comments: 4, shares: 2, saves: 7 };
const ONE_PICTURE = content({ text: 'Hello' }, [mediaItem('image', { name: 'a.jpg' })]);

async function published(settings: Parameters<typeof startInstagram>[0] = {}, what = ONE_PICTURE) {
  const stage = await startInstagram({ numbers: NUMBERS, ...settings });
  const outcome = await publishAll(stage.publisher, stage.options(what));
  const id = outcome.state === 'published' ? outcome.id : '';
  return { ...stage, insights: () => stage.publisher.insights!(insightsContext(stage.options(what), id)) };
}

describe('the numbers of a medium', () => {
  it.each([
    ['a picture', ONE_PICTURE],
    ['a reel', content({ text: 'Reel' }, [mediaItem('video')])],
  ])('%s: its likes and comments, and its metrics', async (_name, what) => {
    const { insights } = await published({}, what);
    expect(await insights()).toMatchObject({ numbers: TOLD, notes: [] });
  });

  it('of a story are asked for by its own metrics', async () => {
    const story = content({ text: '', format: 'story' }, [mediaItem('image', { name: 'a.jpg' })]);
    const { insights, simulator } = await published(
      { numbers: { views: 20, reach: 10, replies: 3, shares: 1 } },
      story,
    );
    expect((await insights()).numbers).toEqual({ views: 20, reach: 10, likes: 0, comments: 3, shares: 1 });
    expect(simulator.requests.filter(({ path }) => path.endsWith('/insights'))).toHaveLength(1);
  });

  it.each([
    ['facebook', 'instagram_manage_insights'],
    ['instagram', 'instagram_business_manage_insights'],
  ] as const)(
    'without the right, by the login of %s, are likes and comments, and the right is named',
    async (login, right) => {
      const { insights } = await published({ login, mayMeasure: false });
      const { numbers, notes } = await insights();
      expect(numbers).toEqual({ likes: 31, comments: 4 });
      expect(notes).toEqual([expect.stringContaining(`need the right ${right}. Instagram says: “(#10)`)]);
    },
  );

  it('that are not there yet are not told as 0', async () => {
    const { insights } = await published({ numbers: {} });
    const { numbers, notes } = await insights();
    expect(numbers).toEqual({ likes: 0, comments: 0 });
    expect(notes).toEqual([expect.stringContaining('up to 48 hours late')]);
  });
});
