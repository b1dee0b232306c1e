import { describe, expect, it } from 'vitest';
import { Gathering } from '../../src/lib/gathering.ts';

/** A gathering whose rounds end when they are told to. */
function slow(keyOf?: (request: string) => unknown, pause = async () => undefined) {
  const rounds: { readonly requests: string[]; end(error?: Error): void }[] = [];
  const waiting: (() => void)[] = [];
  const gathering = new Gathering<string, string>(
    (round) =>
      new Promise((resolve, reject) => {
        rounds.push({
          requests: round.map(({ request }) => request),
          end(error) {
            if (error) return reject(error);
            for (const each of round) each.resolve(`${each.request}!`);
            resolve();
          },
        });
        for (const wake of waiting.splice(0)) wake();
      }),
    keyOf,
    pause,
  );
  const round = async (index: number) => {
    while (rounds.length <= index) await new Promise<void>((resolve) => waiting.push(resolve));
    return rounds[index]!;
  };
  return { gathering, rounds, round };
}

describe('what is asked at the same time', () => {
  it('is one round; what comes meanwhile is the next', async () => {
    const { gathering, rounds, round } = slow();
    const first = Promise.all([gathering.ask('a'), gathering.ask('b')]);
    const one = await round(0);
    const later = Promise.all([gathering.ask('c'), gathering.ask('d')]);
    expect(one.requests).toEqual(['a', 'b']);
    one.end();
    expect(await first).toEqual(['a!', 'b!']);
    (await round(1)).end();
    expect(await later).toEqual(['c!', 'd!']);
    expect(rounds).toHaveLength(2);
  });

  it('waits a moment for others after a round of several, and for nobody after a round of one', async () => {
    const pauses: (() => void)[] = [];
    const pause = () => new Promise<undefined>((resolve) => pauses.push(() => resolve(undefined)));
    const { gathering, rounds, round } = slow(undefined, pause);
    const end = async (index: number) => (await round(index)).end();
    const several = Promise.all([gathering.ask('a'), gathering.ask('b')]);
    await end(0);
    await several;
    const early = gathering.ask('c');
    while (pauses.length === 0) await new Promise(setImmediate);
    const late = gathering.ask('d');
    expect(rounds).toHaveLength(1);
    pauses[0]?.();
    expect((await round(1)).requests).toEqual(['c', 'd']);
    await end(1);
    await Promise.all([early, late]);
    // Of several again, but what comes then is alone, and so is who follows.
    const alone = gathering.ask('e');
    while (pauses.length === 1) await new Promise(setImmediate);
    pauses[1]?.();
    await end(2);
    await alone;
    const next = gathering.ask('f');
    await end(3);
    await next;
    expect(pauses).toHaveLength(2);
  });

  it('waits no longer than until as many are there as in the round before', async () => {
    const { gathering, round } = slow(undefined, () => new Promise<undefined>(() => undefined));
    const first = Promise.all(['a', 'b', 'c'].map((each) => gathering.ask(each)));
    (await round(0)).end();
    await first;
    const next = Promise.all(['d', 'e'].map((each) => gathering.ask(each)));
    await new Promise(setImmediate);
    const last = gathering.ask('f');
    expect((await round(1)).requests).toEqual(['d', 'e', 'f']);
    (await round(1)).end();
    expect(await next).toEqual(['d!', 'e!']);
    expect(await last).toBe('f!');
  });

  it('is 200 at most', async () => {
    const { gathering, round } = slow();
    const all = Promise.all(Array.from({ length: 201 }, (_, index) => gathering.ask(String(index))));
    expect((await round(0)).requests).toHaveLength(200);
    (await round(0)).end();
    expect((await round(1)).requests).toEqual(['200']);
    (await round(1)).end();
    await all;
  });

  it('has one of each key in a round, in their order', async () => {
    const { gathering, round } = slow((request) => request[0]);
    const all = Promise.all(['a1', 'a2', 'b1', 'a3'].map((each) => gathering.ask(each)));
    for (const [index, requests] of [['a1', 'b1'], ['a2'], ['a3']].entries()) {
      const each = await round(index);
      expect(each.requests).toEqual(requests);
      each.end();
    }
    expect(await all).toEqual(['a1!', 'a2!', 'b1!', 'a3!']);
  });

  it('fails together when its round fails, and the next round goes on', async () => {
    const { gathering, round } = slow();
    const failed = Promise.allSettled([gathering.ask('a'), gathering.ask('b')]);
    (await round(0)).end(new Error('gone'));
    expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = gathering.ask('c');
    (await round(1)).end();
    expect(await next).toBe('c!');
  });
});
