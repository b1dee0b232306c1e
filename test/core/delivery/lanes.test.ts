/** Whose turn it is: one delivery of an account at a time, accounts beside each other, and when the next one may begin. */
import { describe, expect, it } from 'vitest';
import type { Delivered } from '../../../src/core/delivery/after-error.ts';
import { deliver } from '../../../src/core/delivery/deliver.ts';
import type { Claimed } from '../../../src/core/delivery/lane.ts';
import { Lanes } from '../../../src/core/delivery/lanes.ts';
import type { DeliverPorts } from '../../../src/core/delivery/work.ts';
import type { DeliveryPatch } from '../../../src/core/stores.ts';
import type { Account } from '../../../src/core/words.ts';
import { x as xRules } from '../../../src/publishers/x/rules.ts';
import { createSeededRandom } from '../../helpers/manual-clock.ts';
import { playedNetwork } from '../../helpers/played-network.ts';
import { recordingLog } from '../../helpers/publishing.ts';
import { createVirtualClock } from '../../helpers/virtual-clock.ts';
import { delivery, post } from './deliveries.ts';

const account = (id: string, more: Partial<Account> = {}) =>
  ({ id, mode: 'live', network: 'x', health: 'ok', active: true, ...more }) as Account;

function claimed(id: string, of: Account, dueAt = new Date(0)): Claimed {
  const made = delivery({ id: `${id}.${of.id}`, accountId: of.id, dueAt });
  return { delivery: made, token: 'token', post: post({ id, dueAt, targets: [of.id] }), account: of };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function stage(atOnce = 9) {
  const working = new Map<string, { claimed: Claimed; end: (delivered: Delivered) => void }>();
  const ended: string[] = [];
  const lanes = new Lanes({
    concurrencyOf: () => atOnce,
    work: (each) => new Promise((resolve) => working.set(each.delivery.id, { claimed: each, end: resolve })),
    reread: async (of) => ({ ...of, healthMessage: 'read again' }),
    taken: () => undefined,
    ended: ({ accountId }) => ended.push(accountId),
  });
  const end = async (id: string, delivered: Delivered = 'done'): Promise<void> => {
    working.get(id)?.end(delivered);
    working.delete(id);
    await turn();
  };
  return { lanes, ended, end, working, names: () => [...working.keys()] };
}

describe('lanes', () => {
  it('take one delivery of an account after the other, and do not wait for each other', async () => {
    const { lanes, ended, end, names } = stage();
    for (const each of [
      claimed('P1', account('A')),
      claimed('P2', account('A')),
      claimed('P1', account('B')),
    ])
      lanes.add(each);
    lanes.run();
    expect(names()).toEqual(['P1.A', 'P1.B']);
    expect(lanes.takeIdle()).toEqual([]);
    await end('P1.A');
    expect(names()).toEqual(['P1.B', 'P2.A']);
    await end('P2.A');
    expect(ended).toEqual(['A']);
    expect(lanes.takeIdle()).toEqual(['A']);
    await end('P1.B');
    expect(lanes.takeIdle()).toEqual(['B']);
  });

  it('run side by side up to the bound of their service, a rehearsal beside the network', async () => {
    const { lanes, end, names } = stage(1);
    for (const each of [account('A'), account('B'), account('C', { mode: 'rehearsal' })])
      lanes.add(claimed('P1', each));
    lanes.run();
    expect(names()).toEqual(['P1.A', 'P1.C']);
    await end('P1.A');
    expect(names()).toEqual(['P1.C', 'P1.B']);
  });

  it('see what a delivery changed of their account', async () => {
    const { lanes, end, working } = stage();
    for (const id of ['P1', 'P2', 'P3']) lanes.add(claimed(id, account('A')));
    lanes.run();
    await end('P1.A', 'account changed');
    await end('P2.A');
    expect(working.get('P3.A')?.claimed.account.healthMessage).toBe('read again');
  });

  it('give back what has not begun', () => {
    const { lanes, names } = stage();
    for (const id of ['P1', 'P2']) lanes.add(claimed(id, account('A')));
    lanes.run();
    expect(lanes.drain().map((each) => each.delivery.id)).toEqual(['P2.A']);
    expect(names()).toEqual(['P1.A']);
  });
});

it('the next delivery begins while the outcome of the one before is stored, and creates nothing before its own entry is', async () => {
  const clock = createVirtualClock();
  const network = playedNetwork(xRules, clock);
  const writes: { what: string; store: (isOurs: boolean) => void }[] = [];
  const ports = {
    deliveries: {
      write: (id: string, _token: string, { state }: DeliveryPatch) =>
        new Promise<boolean>((store) => writes.push({ what: `${id} ${state}`, store })),
    },
    publisherFor: () => network,
    changed: () => undefined,
    wakeAt: () => undefined,
    settings: { intervalMs: 60_000, maxRetries: 3, retryDelayMs: 300_000, lateLimitMs: 7_200_000 },
    clock,
    random: createSeededRandom(1),
    log: recordingLog([]),
  } as unknown as DeliverPorts;
  const { signal } = new AbortController();
  const lanes = new Lanes({
    concurrencyOf: () => 1,
    work: (each) =>
      new Promise((goOn) => {
        void deliver(ports, { ...each, signal, sent: () => goOn('done') }).then(goOn);
      }),
    reread: async (of) => of,
    taken: () => undefined,
    ended: () => undefined,
  });
  for (const id of ['P1', 'P2']) lanes.add(claimed(id, account('A'), clock.now()));
  lanes.run();
  const steps = () => writes.map(({ what }) => what);
  await turn();
  expect([steps(), network.wall.length]).toEqual([['P1.A publishing'], 0]);
  writes[0]!.store(true);
  await turn();
  expect([steps(), network.wall.length]).toEqual([
    ['P1.A publishing', 'P1.A published', 'P2.A publishing'],
    1,
  ]);
  writes[2]!.store(true);
  await turn();
  expect([steps().length, network.wall.length]).toEqual([4, 2]);
});
