/** A Pinterest publisher against a simulator that lives for one test. */
import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import type { PinterestSettings } from '../../../src/publishers/pinterest/settings.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem } from '../../helpers/publishing.ts';
import { startPinterestSimulator } from '../../simulators/pinterest/server.ts';
import { type Network, runsOf, untilTestEnds } from '../network.ts';

/** The board that the account pins to when none is named. */
export const BELLS = '549755885175001';

/** @param clockDifferenceMs how far the clock of Pinterest is ahead of ours */
export async function startPinterest(
  settings: Parameters<typeof startPinterestSimulator>[0] = {},
  clockDifferenceMs = 0,
) {
  const clock = createManualClock();
  const simulator = untilTestEnds(
    await startPinterestSimulator({
      now: () => new Date(clock.now().getTime() + clockDifferenceMs),
      ...settings,
    }),
  );
  const vault = memoryVault();
  const credentials = { ...simulator.tokens(), appId: simulator.app.id, appSecret: simulator.app.secret };
  const create = (patch: Partial<PinterestSettings> = {}) =>
    createPinterestPublisher({ credentials, boardId: BELLS, apiUrl: simulator.url, ...patch }, vault, clock);
  const publisher = create();
  const who = account('pinterest', { remoteId: simulator.user.id });
  /** Requests to one route, such as `POST pins`. */
  const calls = (route: string) =>
    simulator.requests.filter(
      (each) => `${each.method} ${each.path.replace(/^\/v5\//, '').replace(/\/\d+/, '/:id')}` === route,
    );
  return {
    simulator,
    publisher,
    create,
    credentials,
    vault,
    clock,
    account: who,
    options: runsOf(who, clock),
    calls,
  };
}

export const PINTEREST: Network<Awaited<ReturnType<typeof startPinterest>>> = {
  label: 'Pinterest',
  start: startPinterest,
  smallest: content({ text: 'Hello' }, [mediaItem('image')]),
  creating: /\/pins$/,
  identifying: /\/user_account$/,
  created: ({ simulator }) => simulator.pins(),
  permalink: (id) => `https://www.pinterest.com/pin/${id}/`,
  publisherAt(apiUrl, clock) {
    const credentials = { accessToken: 'token-1' };
    return createPinterestPublisher({ credentials, boardId: BELLS, apiUrl }, memoryVault(), clock);
  },
};
