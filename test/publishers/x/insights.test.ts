import { describe, expect, it } from 'vitest';
import { DAY } from '../../../src/core/clock.ts';
import { content, insightsContext, mediaItem, publishAll } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startX } from './harness.ts';

const COUNTS = {
  impression_count: 1204,
  like_count: 31,
  reply_count: 4,
  retweet_count: 5,
  quote_count: 2,
  bookmark_count: 7,
  url_link_clicks: 12,
  view_count: 300,
};
const EVERYBODYS = { impressions: 1204, likes: 31, comments: 4, shares: 7, saves: 7 };

async function published(settings: Parameters<typeof startX>[0] = {}, what = content({ text: 'Hello' })) {
  const stage = await startX({ numbers: COUNTS, ...settings });
  const outcome = await publishAll(stage.publisher, stage.options(what));
  const id = outcome.state === 'published' ? outcome.id : '';
  const insights = (ageMs = 0) => stage.publisher.insights!(insightsContext(stage.options(what), id, ageMs));
  return { ...stage, insights };
}

describe('the numbers of a post', () => {
  it('are those that everybody sees, and for 30 days those of the owner, with one call', async () => {
    const { insights, calls } = await published();
    expect(await insights()).toMatchObject({ numbers: { ...EVERYBODYS, clicks: 12 }, notes: [] });
    expect(calls('GET /2/tweets/:id')).toHaveLength(1);
  });

  it('of a video are how often it was played, too', async () => {
    const { insights } = await published({}, content({ text: 'Film' }, [mediaItem('video')]));
    expect((await insights()).numbers).toEqual({ ...EVERYBODYS, videoViews: 300, clicks: 12 });
  });

  it('are fewer after 30 days, and it says so', async () => {
    const { insights, clock } = await published();
    clock.advance(31 * DAY);
    const expected = { numbers: EVERYBODYS, notes: ['X tells clicks on links for 30 days only.'] };
    expect(await insights(31 * DAY)).toMatchObject(expected);
  });

  it('of the owner that are refused leave those of everybody', async () => {
    const { insights, clock } = await published();
    clock.advance(31 * DAY);
    expect((await insights(29 * DAY)).numbers).toEqual(EVERYBODYS);
  });

  it.each(['refused', 'ignored'] as const)(
    'are read by the newer names, the older ones being %s',
    async (unknownFields) => {
      const { insights } = await published({ fieldNames: 'new', unknownFields });
      expect((await insights()).numbers).toEqual({ ...EVERYBODYS, clicks: 12 });
    },
  );

  it('cost credits: without them the remedy is named', async () => {
    const { insights, simulator } = await published();
    const body = { title: 'CreditsDepleted', detail: 'No credits.', type: 'about:blank', status: 402 };
    simulator.faults.next('GET', /tweets/, { do: 'answer', status: 402, body });
    const error = await failureOf(insights());
    expect([error.kind, error.hint]).toEqual(['BillingRequired', expect.stringMatching(/then \/stats\.$/)]);
  });

  it('are not to be had when X says nothing that can be read', async () => {
    const { insights, simulator } = await published();
    simulator.faults.next('GET', /tweets/, { do: 'answer', status: 200, body: { data: 17 } });
    expect((await failureOf(insights())).message).toBe(
      'X does not answer as it should (a success without what should be in it).',
    );
  });
});
