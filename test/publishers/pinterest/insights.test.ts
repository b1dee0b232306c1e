import { describe, expect, it } from 'vitest';
import { DAY } from '../../../src/core/clock.ts';
import { content, insightsContext, mediaItem, publishAll } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startPinterest } from './harness.ts';

const NUMBERS = {
  IMPRESSION: 1204,
  OUTBOUND_CLICK: 12,
  PIN_CLICK: 40,
  SAVE: 7,
  TOTAL_COMMENTS: 4,
  TOTAL_REACTIONS: 31,
  VIDEO_MRC_VIEW: 300,
};
const TOLD = { impressions: 1204, likes: 31, comments: 4, saves: 7, opens: 40, clicks: 12 };
const ONE_PICTURE = content({ text: 'Hello', board: 'Bells' }, [mediaItem('image', { name: 'a.jpg' })]);

async function published(settings: Parameters<typeof startPinterest>[0] = {}, what = ONE_PICTURE) {
  const stage = await startPinterest({ numbers: NUMBERS, ...settings });
  const outcome = await publishAll(stage.publisher, stage.options(what));
  const id = outcome.state === 'published' ? outcome.id : '';
  const insights = (ageMs = 0) => stage.publisher.insights!(insightsContext(stage.options(what), id, ageMs));
  return { ...stage, insights };
}

describe('the numbers of a pin', () => {
  it('are counted from its day on', async () => {
    const { insights, simulator } = await published();
    expect(await insights(DAY)).toMatchObject({ numbers: TOLD, notes: [] });
    const asked = new URLSearchParams(simulator.requests.at(-1)?.query);
    const days = Date.parse(asked.get('end_date') ?? '') - Date.parse(asked.get('start_date') ?? '');
    expect(days).toBe(DAY);
  });

  it('of a video are how often it was played, too', async () => {
    const film = content({ text: 'Film', board: 'Bells' }, [mediaItem('video')]);
    const { insights } = await published({}, film);
    expect((await insights()).numbers).toEqual({ ...TOLD, videoViews: 300 });
  });

  it('of an old pin are those of 90 days, and it says so', async () => {
    const { insights } = await published();
    const { numbers, notes } = await insights(400 * DAY);
    expect(numbers).toEqual(TOLD);
    expect(notes).toEqual([expect.stringContaining('last 90 days only')]);
  });

  it('that the token may not read name the scopes', async () => {
    const { insights, simulator } = await published();
    simulator.options.scopes = ['pins:write'];
    const error = await failureOf(insights());
    expect([error.kind, error.hint]).toEqual(['PermissionMissing', expect.stringContaining('pins:read')]);
  });
});
