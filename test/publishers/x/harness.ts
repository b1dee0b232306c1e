/** An X publisher against a simulator that lives for one test. */
import { afterEach } from 'vitest';
import { CarillonError } from '../../../src/core/errors.ts';
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, type RunOptions } from '../../helpers/publishing.ts';
import { startXSimulator, type XSimulator } from '../../simulators/x/server.ts';

const running: XSimulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

/** @param clockDifferenceMs how far the clock of X is ahead of ours */
export async function startX(settings: Parameters<typeof startXSimulator>[0] = {}, clockDifferenceMs = 0) {
  const clock = createManualClock();
  const simulator = await startXSimulator({
    now: () => new Date(clock.now().getTime() + clockDifferenceMs),
    ...settings,
  });
  running.push(simulator);
  const publisher = createXPublisher({ credentials: simulator.credentials, apiUrl: simulator.url }, clock);
  const who = account('x', { remoteId: simulator.user.id });
  const options = (content: RunOptions['content'], patch: Partial<RunOptions> = {}): RunOptions => ({
    account: who,
    content,
    clock,
    waitUntil: (instant) => clock.advance(instant.getTime() - clock.now().getTime()),
    ...patch,
  });
  /** Requests to one route, such as `POST /2/tweets`. */
  const calls = (route: string) =>
    simulator.requests.filter((each) => `${each.method} ${each.path.replace(/\d{5,}/, ':id')}` === route);
  return { simulator, publisher, clock, account: who, options, calls };
}

export async function failureOf(work: Promise<unknown>): Promise<CarillonError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CarillonError) return error;
  throw error;
}
