/** A Tumblr publisher against a simulator that lives for one test. */
import { afterEach } from 'vitest';
import { CarillonError } from '../../../src/core/errors.ts';
import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import type { TumblrSettings } from '../../../src/publishers/tumblr/settings.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, type RunOptions } from '../../helpers/publishing.ts';
import { startTumblrSimulator, type TumblrSimulator } from '../../simulators/tumblr/server.ts';

const running: TumblrSimulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

/** @param clockDifferenceMs how far the clock of Tumblr is ahead of ours */
export async function startTumblr(
  settings: Parameters<typeof startTumblrSimulator>[0] = {},
  clockDifferenceMs = 0,
) {
  const clock = createManualClock();
  const simulator = await startTumblrSimulator({
    now: () => new Date(clock.now().getTime() + clockDifferenceMs),
    ...settings,
  });
  running.push(simulator);
  const { credentials, url: apiUrl, blog } = simulator;
  const vault = memoryVault();
  const create = (patch: Partial<TumblrSettings> = {}) =>
    createTumblrPublisher(
      { credentials, blogs: [blog.name], apiUrl, ...patch },
      vault,
      clock,
      createSeededRandom(1),
    );
  const publisher = create();
  const who = account('tumblr', { remoteId: blog.uuid, handle: blog.name });
  const options = (content: RunOptions['content'], patch: Partial<RunOptions> = {}): RunOptions => ({
    account: who,
    content,
    clock,
    waitUntil: (instant) => clock.advance(instant.getTime() - clock.now().getTime()),
    ...patch,
  });
  /** Requests to one route, such as `POST posts`. */
  const calls = (route: string) =>
    simulator.requests.filter(
      (each) => `${each.method} ${each.path.replace(/^\/v2\/(blog\/[^/]+\/)?/, '')}` === route,
    );
  return { simulator, publisher, create, vault, clock, account: who, options, calls };
}

export async function failureOf(work: Promise<unknown>): Promise<CarillonError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CarillonError) return error;
  throw error;
}
