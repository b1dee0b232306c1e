/** Which due deliveries are taken up, how often the database is asked, and that a long line keeps nobody else out. */
import { describe, expect, it } from 'vitest';
import { Backlog, SEEN_MAX } from '../../../src/core/delivery/backlog.ts';
import type { DueDelivery } from '../../../src/core/stores.ts';
import { createVirtualClock } from '../../helpers/virtual-clock.ts';

const line = (accountId: string, count: number): DueDelivery[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${accountId}.${index}`, accountId }));

/** A database with these due deliveries, in this order; what is taken from the backlog is taken from it. */
function stage(due: readonly DueDelivery[]) {
  const clock = createVirtualClock();
  const taken = new Set<string>();
  const asked: (readonly string[])[] = [];
  const backlog = new Backlog(
    {
      async findDue(_now, { limit, exceptAccounts }) {
        asked.push(exceptAccounts);
        return due
          .filter(({ id, accountId }) => !taken.has(id) && !exceptAccounts.includes(accountId))
          .slice(0, limit);
      },
    },
    clock,
  );
  const take = async (limit: number, roomOf: (accountId: string) => number) => {
    const ids = await backlog.take(limit, roomOf);
    for (const id of ids) taken.add(id);
    return ids;
  };
  return { clock, backlog, asked, take };
}

describe('the backlog', () => {
  it('gives the most urgent first, to each account no more than it has room for', async () => {
    const { backlog, take } = stage([...line('A', 3), ...line('B', 2)]);
    expect(await take(10, () => 2)).toEqual([]);
    await backlog.read();
    expect(await take(10, (id) => (id === 'A' ? 2 : 1))).toEqual(['A.0', 'A.1', 'B.0']);
    expect([backlog.mayHave('A'), backlog.mayHave('B'), backlog.mayHave('C')]).toEqual([true, true, false]);
    expect(await take(1, () => 5)).toEqual(['A.2']);
    expect(backlog.mayHave('A')).toBe(false);
    expect(await take(10, () => 0)).toEqual([]);
    expect(await take(10, () => 1)).toEqual(['B.1']);
  });

  it('knows until when it has looked, and forgets at a new look what is due no more', async () => {
    const { backlog, clock, take } = stage(line('A', 2));
    expect(backlog.seenUntil).toBeUndefined();
    await backlog.read();
    expect(backlog.seenUntil).toEqual(clock.now());
    await take(1, () => 1);
    await backlog.read();
    expect(await take(5, () => 5)).toEqual(['A.1']);
  });

  it('reads a long line in long stretches, all of it, each once', async () => {
    const count = 3 * SEEN_MAX + 7;
    const due = Array.from({ length: 10 }, (_, index) => line(`A${index}`, Math.ceil(count / 10))).flat();
    const { backlog, asked, take } = stage(due);
    await backlog.read();
    const seen: string[] = [];
    for (let ids = await take(200, () => 200); ids.length > 0; ids = await take(200, () => 200))
      seen.push(...ids);
    expect(seen).toEqual(due.map(({ id }) => id));
    expect(asked.length).toBeLessThan(2 + due.length / (SEEN_MAX / 2));
  });

  it('looks past accounts whose line is longer than it can see, though not at every turn', async () => {
    const { backlog, clock, asked, take } = stage([...line('SLOW', 2 * SEEN_MAX), ...line('OTHER', 3)]);
    const room = (accountId: string) => (accountId === 'SLOW' ? 0 : 2);
    await backlog.read();
    expect(await take(50, room)).toEqual([]);
    expect(asked).toHaveLength(1);
    clock.moveTo(new Date(clock.now().getTime() + 1000));
    expect(await take(50, room)).toEqual(['OTHER.0', 'OTHER.1']);
    expect(asked).toEqual([[], ['SLOW']]);
    expect(await take(50, room)).toEqual(['OTHER.2']);
    expect(backlog.mayHave('ANYBODY')).toBe(true);
  });
});
