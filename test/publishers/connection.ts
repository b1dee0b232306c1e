/** What may happen on the way to a network: only the creating call leaves doubt, and only once it may have left. */
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Content } from '../../src/core/publisher.ts';
import { createManualClock } from '../helpers/manual-clock.ts';
import { account, publishAll } from '../helpers/publishing.ts';
import type { Fault } from '../simulators/faults.ts';
import { failureOf, type Network, type Started } from './network.ts';
import { PAGE } from './refusals.ts';

/** A step before the creating call: where it goes, and content that needs it. */
export interface OtherStep {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly content: Content;
}

const FAULTS: readonly (readonly [name: string, fault: Fault])[] = [
  ['a 500', { do: 'answer', status: 500, body: PAGE }],
  ['a broken connection', { do: 'drop', when: 'after' }],
  ['a success of another shape', { do: 'spoil', how: 'wrong type' }],
  ['an empty success', { do: 'spoil', how: 'empty' }],
  ['an answer that never ends', { do: 'spoil', how: 'gigantic' }],
];

export function describeConnection<S extends Started>(network: Network<S>, step: OtherStep): void {
  const { smallest, creating, identifying } = network;
  const { signal } = new AbortController();

  describe('other steps leave no doubt', () => {
    it.each(FAULTS)(`%s to ${step.name}: nothing was published, later`, async (_name, fault) => {
      const started = await network.start();
      const { simulator, publisher, options } = started;
      simulator.faults.next(step.method, step.path, fault, 2);
      const error = await failureOf(publishAll(publisher, options(step.content)));
      expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
      simulator.faults.clear();
      expect(await publishAll(publisher, options(step.content))).toMatchObject({ state: 'published' });
      expect(network.created(started)).toHaveLength(1);
    });

    it.each([
      ['the least', smallest],
      ['with that step', step.content],
    ])('nobody listens: certainly nothing left, even for the creating call (%s)', async (_name, what) => {
      const { simulator, publisher, options } = await network.start();
      await simulator.refuse();
      const error = await failureOf(publishAll(publisher, options(what)));
      expect([error.kind, error.next.do]).toEqual(['PlatformUnavailable', 'later']);
      expect(error.message).toContain('ECONNREFUSED');
      await simulator.listenAgain();
      expect(await publishAll(publisher, options(what))).toMatchObject({ state: 'published' });
    });

    it('a kept connection that was closed meanwhile costs nothing but a new one', async () => {
      const { simulator, publisher } = await network.start();
      await publisher.identify(signal);
      simulator.faults.next('GET', identifying, { do: 'drop', when: 'before' });
      await publisher.identify(signal);
      const calls = simulator.requests.filter(({ path }) => identifying.test(path));
      expect(calls.map(({ socket }) => socket)).toEqual([1, 1, 2]);
    });
  });

  describe('the creating call leaves doubt', () => {
    it('when the connection breaks once the whole request is on its way', async () => {
      const broken = createServer((socket) => socket.once('data', () => socket.destroy()));
      const port = await new Promise<number>((resolve) =>
        broken.listen(0, '127.0.0.1', () => resolve((broken.address() as { port: number }).port)),
      );
      onTestFinished(() => void broken.close());
      const clock = createManualClock();
      const publisher = network.publisherAt(`http://127.0.0.1:${port}`, clock);
      const run = { account: account(publisher.network), content: smallest, clock };
      expect((await failureOf(publishAll(publisher, run))).kind).toBe('OutcomeUnknown');
    });

    it('when it hangs and the program is stopped', async () => {
      const { simulator, publisher, options } = await network.start();
      const release = hold(simulator, 'POST', creating);
      const stop = new AbortController();
      const work = failureOf(publishAll(publisher, options(smallest, { signal: stop.signal })));
      await arrival(simulator, creating);
      stop.abort();
      expect((await work).kind).toBe('OutcomeUnknown');
      release();
    });
  });

  it('a call that is never answered ends at its deadline', async () => {
    const { simulator, publisher, clock } = await network.start();
    const release = hold(simulator, 'GET', identifying);
    const work = failureOf(publisher.identify(signal));
    await arrival(simulator, identifying);
    clock.advance(5 * 60 * 1000);
    const error = await work;
    expect(error.kind).toBe('PlatformUnavailable');
    expect(error.message).toContain('no answer in time');
    release();
  });
}

/** Holds the next such request until the answer is called. */
export function hold({ faults }: Started['simulator'], method: string, path: RegExp): () => void {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  faults.next(method, path, { do: 'hold', until });
  return release;
}

/** Resolves once such a request has come. */
export async function arrival({ requests }: Started['simulator'], path: RegExp): Promise<void> {
  while (!requests.some((each) => path.test(each.path)))
    await new Promise((resolve) => setImmediate(resolve));
}
