/** A Facebook publisher against a simulator that lives for one test. */
import { afterEach } from 'vitest';
import { CarillonError } from '../../../src/core/errors.ts';
import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, type RunOptions } from '../../helpers/publishing.ts';
import { type FacebookSimulator, startFacebookSimulator } from '../../simulators/meta/facebook.ts';

const running: FacebookSimulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

export function settingsFor(simulator: FacebookSimulator) {
  return {
    credentials: { pageId: simulator.pageId, pageToken: simulator.token },
    apiUrl: simulator.apiUrl,
    uploadUrl: simulator.uploadUrl,
  };
}

/** @param clockDifferenceMs how far the clock of Facebook is ahead of ours */
export async function startFacebook(
  settings: Parameters<typeof startFacebookSimulator>[0] = {},
  clockDifferenceMs = 0,
) {
  const clock = createManualClock();
  const simulator = await startFacebookSimulator({
    now: () => new Date(clock.now().getTime() + clockDifferenceMs),
    ...settings,
  });
  running.push(simulator);
  const publisher = createFacebookPublisher(settingsFor(simulator), clock);
  const who = account('facebook', { remoteId: simulator.pageId });
  const options = (content: RunOptions['content'], patch: Partial<RunOptions> = {}): RunOptions => ({
    account: who,
    content,
    clock,
    waitUntil: (instant) => clock.advance(instant.getTime() - clock.now().getTime()),
    ...patch,
  });
  /** Requests as `POST feed`: the method and the last part of the path, ids left out. */
  const calls = () => simulator.requests.map(({ method, path }) => `${method} ${nameOf(path)}`);
  return { simulator, publisher, clock, account: who, options, calls };
}

function nameOf(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (/^[\d_]+$/.test(part) ? ':id' : part.startsWith('upload:') ? 'upload:' : part))
    .join('/');
}

export async function failureOf(work: Promise<unknown>): Promise<CarillonError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CarillonError) return error;
  throw error;
}
