/** What every inbox must do, whatever keeps it. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChatInbox } from '../../src/core/chat-inbox.ts';
import { DAY, HOUR, after as later } from '../../src/core/clock.ts';

const NOW = new Date('2026-11-24T09:00:00Z');
const LATER = later(NOW, HOUR);

/** `make` answers an empty inbox. */
export function chatInboxContract(name: string, make: () => Promise<ChatInbox> | ChatInbox): void {
  describe(`inbox: ${name}`, () => {
    let inbox: ChatInbox;
    beforeEach(async () => {
      inbox = await make();
    });
    const one = { id: '7:1', payload: '{"$set.x":"1"}' };
    const two = { id: '7:2', payload: 'two' };

    it('keeps inputs once and says which nobody has begun', async () => {
      expect(await inbox.keep([one], NOW)).toEqual(new Set(['7:1']));
      // Not only the new one: the first keeping may have failed after it was written.
      expect(await inbox.keep([one, two], NOW)).toEqual(new Set(['7:1', '7:2']));
      await inbox.begin(['7:1']);
      expect(await inbox.keep([one, two], NOW)).toEqual(new Set(['7:2']));
      expect(await inbox.keep([], NOW)).toEqual(new Set());
    });

    it('keeps what is begun with its arrival as begun once', async () => {
      expect(await inbox.keep([{ ...one, begun: true }, two], NOW)).toEqual(new Set(['7:1', '7:2']));
      expect(await inbox.keep([{ ...one, begun: true }, two], NOW)).toEqual(new Set(['7:2']));
      expect(await inbox.begin(['7:1'])).toBe(false);
      const left = [...(await inbox.reopen('7'))].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(left).toEqual([
        { ...one, tries: 1 },
        { ...two, tries: 0 },
      ]);
      expect(await inbox.begin(['7:1'])).toBe(true);
    });

    it('lets exactly one of many callers begin', async () => {
      await Promise.all(Array.from({ length: 8 }, () => inbox.keep([one, two], NOW)));
      const begun = await Promise.all(Array.from({ length: 8 }, () => inbox.begin([one.id])));
      expect(begun.filter(Boolean)).toHaveLength(1);
      expect((await inbox.reopen('7')).length).toBe(2);
    });

    it('hands out again what is unfinished, with its payload and how often it was begun', async () => {
      await inbox.keep([one, two, { id: '8:1', payload: 'of another bot' }], NOW);
      expect(await inbox.begin(['7:2'])).toBe(true);
      const sorted = async () => [...(await inbox.reopen('7'))].sort((a, b) => (a.id < b.id ? -1 : 1));
      expect(await sorted()).toEqual([
        { ...one, tries: 0 },
        { ...two, tries: 1 },
      ]);
      expect(await inbox.begin(['7:1', '7:2'])).toBe(true);
      expect(await inbox.begin(['7:1'])).toBe(false);
      expect(await inbox.begin(['7:2'])).toBe(false);
      expect((await sorted()).map(({ tries }) => tries)).toEqual([1, 2]);
    });

    it('knows a finished input again but no longer hands it out', async () => {
      await inbox.keep([one, two], NOW);
      expect(await inbox.begin(['7:1', '7:2'])).toBe(true);
      await inbox.finish(['7:1', '7:2']);
      expect(await inbox.reopen('7')).toEqual([]);
      expect(await inbox.keep([one, two], NOW)).toEqual(new Set());
      expect(await inbox.begin(['7:1'])).toBe(false);
    });

    it('begins nothing that was never kept', async () => {
      expect(await inbox.begin(['7:99'])).toBe(false);
      expect(await inbox.begin([])).toBe(false);
    });

    it('keeps notes until they are taken, by one caller', async () => {
      await inbox.remember('question', 'first', LATER);
      await inbox.remember('question', 'second', LATER);
      expect(await inbox.recall('question', NOW)).toBe('second');
      const taken = await Promise.all(Array.from({ length: 8 }, () => inbox.take('question', NOW)));
      expect(taken.filter((payload) => payload === 'second')).toHaveLength(1);
      expect(await inbox.recall('question', NOW)).toBeUndefined();
      expect(await inbox.take('never', NOW)).toBeUndefined();
    });

    it('treats an expired note as gone', async () => {
      await inbox.remember('question', 'late', NOW);
      expect(await inbox.recall('question', NOW)).toBeUndefined();
      expect(await inbox.take('question', LATER)).toBeUndefined();
    });

    it('forgets old finished inputs and expired notes, never what is unfinished', async () => {
      await inbox.keep([one, two], NOW);
      await inbox.begin(['7:1']);
      await inbox.finish(['7:1']);
      await inbox.remember('short', 'x', LATER);
      await inbox.remember('long', 'x', later(NOW, 3 * DAY));
      await inbox.forget(later(NOW, DAY), later(NOW, 2 * DAY));
      expect(await inbox.keep([one], NOW)).toEqual(new Set(['7:1']));
      expect((await inbox.reopen('7')).map(({ id }) => id).sort()).toEqual(['7:1', '7:2']);
      expect(await inbox.recall('long', NOW)).toBe('x');
      expect(await inbox.recall('short', NOW)).toBeUndefined();
    });
  });
}
