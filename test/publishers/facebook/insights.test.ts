import { describe, expect, it } from 'vitest';
import { content, insightsContext, mediaItem, publishAll } from '../../helpers/publishing.ts';
import { startFacebook } from './harness.ts';

const NUMBERS = {
  reactions: 31,
  comments: 4,
  shares: 2,
  video_views: 300,
  post_media_view: 1204,
  post_total_media_view_unique: 800,
  post_clicks: 12,
};
const TOLD = { views: 1204, reach: 800, likes: 31, comments: 4, shares: 2, clicks: 12 };

async function published(
  settings: Parameters<typeof startFacebook>[0] = {},
  what = content({ text: 'Hello' }),
) {
  const stage = await startFacebook({ numbers: NUMBERS, ...settings });
  const outcome = await publishAll(stage.publisher, stage.options(what));
  const id = outcome.state === 'published' ? outcome.id : '';
  stage.simulator.requests.splice(0);
  return { ...stage, insights: () => stage.publisher.insights!(insightsContext(stage.options(what), id)) };
}

describe('the numbers of a post', () => {
  it('are its reactions, comments and shares, and its metrics', async () => {
    const { insights, calls } = await published();
    expect(await insights()).toMatchObject({ numbers: TOLD, notes: [] });
    expect(calls()).toEqual(['GET :id', 'GET :id/insights']);
  });

  it.each([
    ['a reel', mediaItem('video')],
    ['a video', mediaItem('video', { width: 1280, height: 720 })],
  ])('of %s are counted at its post, and how often it was played beside them', async (_name, file) => {
    const { insights } = await published({}, content({ text: 'Film' }, [file]));
    expect((await insights()).numbers).toEqual({ ...TOLD, videoViews: 300 });
  });

  it('lack no other because one metric was withdrawn', async () => {
    const { insights, calls } = await published({ withdrawn: ['post_clicks'] });
    const { clicks: _, ...rest } = TOLD;
    expect((await insights()).numbers).toEqual(rest);
    expect(calls().filter((call) => call.endsWith('/insights'))).toHaveLength(4);
  });

  it('without the right to read metrics are what the post itself tells, and the right is named', async () => {
    const { insights } = await published({ mayMeasure: false });
    const { numbers, notes } = await insights();
    expect(numbers).toEqual({ likes: 31, comments: 4, shares: 2 });
    expect(notes).toEqual([expect.stringContaining('need the right read_insights. Facebook says: “(#10)')]);
  });

  it('of a small page have no metrics, which is not told as 0', async () => {
    const { insights } = await published({ numbers: { reactions: 1 } });
    const { numbers, notes } = await insights();
    expect(numbers).toEqual({ likes: 1, comments: 0, shares: 0 });
    expect(notes).toEqual([expect.stringContaining('100 likes or more')]);
  });
});
