/** A Pinterest publisher against a simulator that lives for one test. */
import { afterEach } from 'vitest';
import { CarillonError } from '../../../src/core/errors.ts';
import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import type { PinterestSettings } from '../../../src/publishers/pinterest/settings.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, type RunOptions } from '../../helpers/publishing.ts';
import { type PinterestSimulator, startPinterestSimulator } from '../../simulators/pinterest/server.ts';

const running: PinterestSimulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

/** The board that the account pins to when none is named. */
export const BELLS = '549755885175001';

/** @param clockDifferenceMs how far the clock of Pinterest is ahead of ours */
export async function startPinterest(
  settings: Parameters<typeof startPinterestSimulator>[0] = {},
  clockDifferenceMs = 0,
) {
  const clock = createManualClock();
  const simulator = await startPinterestSimulator({
    now: () => new Date(clock.now().getTime() + clockDifferenceMs),
    ...settings,
  });
  running.push(simulator);
  const vault = memoryVault();
  const credentials = { ...simulator.tokens(), appId: simulator.app.id, appSecret: simulator.app.secret };
  const create = (patch: Partial<PinterestSettings> = {}) =>
    createPinterestPublisher({ credentials, boardId: BELLS, apiUrl: simulator.url, ...patch }, vault, clock);
  const publisher = create();
  const who = account('pinterest', { remoteId: simulator.user.id });
  const options = (content: RunOptions['content'], patch: Partial<RunOptions> = {}): RunOptions => ({
    account: who,
    content,
    clock,
    waitUntil: (instant) => clock.advance(instant.getTime() - clock.now().getTime()),
    ...patch,
  });
  /** Requests to one route, such as `POST pins`. */
  const calls = (route: string) =>
    simulator.requests.filter(
      (each) => `${each.method} ${each.path.replace(/^\/v5\//, '').replace(/\/\d+/, '/:id')}` === route,
    );
  return { simulator, publisher, create, credentials, vault, clock, account: who, options, calls };
}

export async function failureOf(work: Promise<unknown>): Promise<CarillonError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CarillonError) return error;
  throw error;
}
