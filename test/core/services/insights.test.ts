// Where there is nothing to ask: a rehearsal, and an account whose credentials are gone.
import { expect, it } from 'vitest';
import { createInsightsService } from '../../../src/core/services/insights.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, recordingLog } from '../../helpers/publishing.ts';
import { attempt, post, settled } from '../delivery/deliveries.ts';

it.each([
  ['a rehearsal', 'rehearsal', 'A rehearsal has no readers: there is nothing to count.'],
  ['an account without credentials', 'live', 'The credentials for X are not configured any more.'],
] as const)('%s has no numbers, and none are made up', async (_name, mode, why) => {
  const service = createInsightsService({
    publisherFor: () => undefined,
    networkLabel: () => 'X',
    clock: createManualClock(),
    log: recordingLog([]),
    signal: new AbortController().signal,
  });
  const who = account('x', { mode });
  const delivery = settled('published', {
    accountId: who.id,
    remoteId: '1',
    attempts: [attempt('accepted')],
  });
  const found = await service.of({ post: post(), deliveries: [delivery], accounts: [who] });
  expect(found).toEqual([{ account: who, told: { is: 'nothing to count', why } }]);
});
