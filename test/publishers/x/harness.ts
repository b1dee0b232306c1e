/** An X publisher against a simulator that lives for one test. */
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content } from '../../helpers/publishing.ts';
import { startXSimulator } from '../../simulators/x/server.ts';
import { type Network, runsOf, untilTestEnds } from '../network.ts';

/** @param clockDifferenceMs how far the clock of X is ahead of ours */
export async function startX(settings: Parameters<typeof startXSimulator>[0] = {}, clockDifferenceMs = 0) {
  const clock = createManualClock();
  const simulator = untilTestEnds(
    await startXSimulator({
      now: () => new Date(clock.now().getTime() + clockDifferenceMs),
      ...settings,
    }),
  );
  const publisher = createXPublisher({ credentials: simulator.credentials, apiUrl: simulator.url }, clock);
  const who = account('x', { remoteId: simulator.user.id });
  /** Requests to one route, such as `POST /2/tweets`. */
  const calls = (route: string) =>
    simulator.requests.filter((each) => `${each.method} ${each.path.replace(/\d{5,}/, ':id')}` === route);
  return { simulator, publisher, clock, account: who, options: runsOf(who, clock), calls };
}

export const X: Network<Awaited<ReturnType<typeof startX>>> = {
  label: 'X',
  start: startX,
  smallest: content({ text: 'Hello' }),
  creating: /^\/2\/tweets$/,
  identifying: /^\/2\/users\/me$/,
  created: ({ simulator }) => simulator.tweets(),
  permalink: (id) => `https://x.com/acme/status/${id}`,
  publisherAt(apiUrl, clock) {
    const credentials = {
      apiKey: 'key-1',
      apiSecret: 'secret-1',
      accessToken: 'token-1',
      accessSecret: 'hidden-1',
    };
    return createXPublisher({ credentials, apiUrl }, clock);
  },
};
