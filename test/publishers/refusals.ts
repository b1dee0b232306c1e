/** Tables of what a network answers, and what that means: each network brings its rows, the checks are the same. */
import { describe, expect, it } from 'vitest';
import { publishAll } from '../helpers/publishing.ts';
import type { Meaning } from './meanings.ts';
import { creatingCalls, failureOf, type Network, type Started } from './network.ts';

/** The page of a gateway, which says nothing about what the network did. */
export const PAGE = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

export type Refusal = readonly [
  name: string,
  status: number,
  body: unknown,
  means: Meaning,
  more?: { readonly hint?: RegExp; readonly context?: object },
];

/** @param said the network's own sentence in a body, which stands beside ours */
export function describeRefusals<S extends Started>(
  network: Network<S>,
  rows: readonly Refusal[],
  said: (body: unknown) => string | undefined,
): void {
  const { label, creating, smallest } = network;
  describe(`what ${label} answers to the creating call`, () => {
    for (const [name, status, body, means, { hint = /./, context = {} } = {}] of rows) {
      it(name, async () => {
        const started = await network.start();
        started.simulator.faults.next('POST', creating, { do: 'answer', status, body });
        const error = await failureOf(publishAll(started.publisher, started.options(smallest)));
        expect([error.kind, error.code, error.next.do]).toEqual(means);
        expect(error.message).toContain(said(body)?.replace(/\.$/, '') ?? '');
        expect(error.message).not.toContain('<html>');
        expect(error.hint).toMatch(hint);
        expect(error.context).toMatchObject({ step: 'create', ...context });
        expect(creatingCalls(network, started)).toHaveLength(1);
        expect(network.created(started)).toEqual([]);
      });
    }

    it.each(['truncated', 'html', 'empty', 'wrong type', 'gigantic'] as const)(
      'a success that is %s: it is there, so its fate is unknown',
      async (how) => {
        const started = await network.start();
        started.simulator.faults.next('POST', creating, { do: 'spoil', how });
        const error = await failureOf(publishAll(started.publisher, started.options(smallest)));
        expect([error.kind, error.next.do]).toEqual(['OutcomeUnknown', 'reconcile']);
        expect(network.created(started)).toHaveLength(1);
        expect(creatingCalls(network, started)).toHaveLength(1);
      },
    );
  });
}

/** A limit as the network tells it, and the seconds from now on after which it goes on. */
export type Limit = readonly [
  name: string,
  headers: Readonly<Record<string, string>> | ((now: Date) => Readonly<Record<string, string>>),
  kind: 'RateLimited' | 'QuotaSpent',
  seconds: number,
];

/** @param body of the answer 429 */
export function describeLimits(network: Network, body: unknown, rows: readonly Limit[]): void {
  describe('after a limit it goes on at', () => {
    it.each(rows)('%s', async (_name, headers, kind, seconds) => {
      const { simulator, publisher, options, clock } = await network.start();
      const given = typeof headers === 'function' ? headers(clock.now()) : headers;
      simulator.faults.next('POST', network.creating, { do: 'answer', status: 429, body, headers: given });
      const error = await failureOf(publishAll(publisher, options(network.smallest)));
      expect(error.kind).toBe(kind);
      expect(error.next).toEqual({ do: 'at', at: new Date(clock.now().getTime() + seconds * 1000) });
    });
  });
}
