import { describe, expect, it } from 'vitest';
import { content, insightsContext, publishAll } from '../../helpers/publishing.ts';
import { failureOf } from '../network.ts';
import { startTumblr } from './harness.ts';

async function published(notes: { likes: number; reblogs: number; replies: number }) {
  const stage = await startTumblr({ notes });
  const what = content({ text: 'Hello' });
  const outcome = await publishAll(stage.publisher, stage.options(what));
  const id = outcome.state === 'published' ? outcome.id : '';
  return { ...stage, insights: () => stage.publisher.insights!(insightsContext(stage.options(what), id)) };
}

describe('the numbers of a post', () => {
  it('are its notes', async () => {
    const { insights } = await published({ likes: 31, reblogs: 2, replies: 4 });
    expect(await insights()).toMatchObject({ numbers: { likes: 31, shares: 2, comments: 4 }, notes: [] });
  });

  it('leave out replies that are more than a page, and say so', async () => {
    const { insights } = await published({ likes: 31, reblogs: 2, replies: 60 });
    const { numbers, notes } = await insights();
    expect(numbers).toEqual({ likes: 31, shares: 2 });
    expect(notes).toEqual([expect.stringContaining('more replies')]);
  });

  it('are not to be had while Tumblr is away', async () => {
    const { insights, simulator } = await published({ likes: 1, reblogs: 0, replies: 0 });
    simulator.faults.next('GET', /notes$/, { do: 'drop', when: 'before' });
    simulator.faults.next('GET', /notes$/, { do: 'drop', when: 'before' });
    expect((await failureOf(insights())).message).toMatch(/^Tumblr does not answer as it should \(/);
  });
});
