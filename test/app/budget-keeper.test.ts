import { expect, it } from 'vitest';
import { createBudgetKeeper } from '../../src/app/budget-keeper.ts';
import type { RateWindow } from '../../src/core/budget.ts';
import { type LogLine, recordingLog } from '../helpers/publishing.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

function setUp(alone = true) {
  const clock = createVirtualClock();
  const log: LogLine[] = [];
  const puts: string[] = [];
  const known: RateWindow[] = [];
  let isAway = false;
  const keeper = createBudgetKeeper({
    clock,
    alone,
    log: recordingLog(log),
    budgets: {
      async find() {
        if (isAway) throw new Error('away');
        return known;
      },
      async put(id, windows) {
        if (isAway) throw new Error('away');
        puts.push(`${id}: ${windows.map(({ remaining }) => remaining).join(' ')}`);
      },
    },
  });
  const left = (remaining: number): RateWindow[] => [
    { name: 'w', limit: 100, remaining, resetAt: new Date(clock.now().getTime() + 60_000) },
  ];
  const pass = async (milliseconds: number): Promise<void> => {
    clock.moveTo(new Date(clock.now().getTime() + milliseconds));
    await Promise.resolve();
    await Promise.resolve();
  };
  const goAway = (away: boolean): void => {
    isAway = away;
  };
  return { clock, log, puts, known, keeper, left, pass, goAway };
}

it('gathers what comes within some seconds, for each set of credentials', async () => {
  const { keeper, left, pass, puts } = setUp();
  const [a, b] = [await keeper.open('a'), await keeper.open('b')];
  for (let remaining = 99; remaining >= 90; remaining -= 1) a.keep(left(remaining), false);
  b.keep(left(50), false);
  await pass(4_999);
  expect(puts).toEqual([]);
  await pass(1);
  await keeper.flush();
  expect(puts).toEqual(['a: 90', 'b: 50']);
  await pass(60_000);
  expect(puts).toHaveLength(2);
});

it('writes at once when little is left, and never an older state after a newer one', async () => {
  const { keeper, left, puts } = setUp();
  const memory = await keeper.open('a');
  memory.keep(left(50), false);
  memory.keep(left(3), true);
  memory.keep(left(2), true);
  await keeper.flush();
  expect(puts.at(-1)).toBe('a: 2');
  expect(puts).not.toContain('a: 50');
});

it('writes the rest at the end, and outlives a database that is away', async () => {
  const { keeper, left, puts, log, goAway } = setUp();
  const memory = await keeper.open('a');
  memory.keep(left(50), false);
  goAway(true);
  await keeper.flush();
  expect([puts, log.length]).toEqual([[], 1]);
  goAway(false);
  memory.keep(left(49), false);
  await keeper.flush();
  expect(puts).toEqual(['a: 49']);
});

it('with other processes it reads what they keep, and writes nothing of it over', async () => {
  const { keeper, left, puts, known, clock, log, goAway } = setUp(false);
  const memory = await keeper.open('a');
  const resetAt = new Date(clock.now().getTime() + 60_000);
  known.push({ name: 'w', limit: 100, remaining: 20, resetAt }, { name: 'day', remaining: 7, resetAt });
  expect(await memory.read?.()).toEqual(known);
  memory.keep(left(50), false);
  await keeper.flush();
  expect(puts).toEqual(['a: 20 7']);
  goAway(true);
  expect([await memory.read?.(), log.length]).toEqual([[], 1]);
});

it('alone it reads nothing again', async () => {
  expect((await setUp().keeper.open('a')).read).toBeUndefined();
});
