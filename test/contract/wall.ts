/** The suite of the wall; it runs on the embedded database and on a MongoDB server. */
import { describe, expect, it } from 'vitest';
import type { WallEntry } from '../../src/core/wall.ts';
import { wallStore } from '../../src/stores/wall.ts';
import { type DatabaseServer, useStores } from './stores/harness.ts';

const NOW = new Date('2026-11-24T09:00:00Z');

function entry(id: string, patch: Partial<WallEntry> = {}): WallEntry {
  return {
    id,
    workspaceId: 'workspace',
    network: 'x',
    account: 'account-x',
    handle: 'acme',
    post: 'K7QPD',
    delivery: `K7QPD.${id}`,
    text: 'Hello',
    media: [],
    at: NOW,
    ...patch,
  };
}

const FULL = entry('full', {
  format: 'reel',
  title: 'Bells',
  link: 'https://example.com/',
  board: 'Towers',
  firstComment: 'First',
  poll: { options: ['Red', 'Blue'], minutes: 1440 },
  replies: 'verified',
  part: { number: 2, of: 3 },
  answers: 'before',
  media: [
    {
      sha256: 'a'.repeat(64),
      kind: 'image',
      mime: 'image/jpeg',
      bytes: 1000,
      width: 10,
      height: 20,
      alt: 'A bell',
      isCover: true,
    },
    {
      sha256: 'b'.repeat(64),
      kind: 'video',
      mime: 'video/mp4',
      bytes: 5_000_000_000,
      width: 10,
      height: 20,
      coverSecond: 3,
    },
  ],
});

export function wallContract(name: string, start: () => Promise<DatabaseServer>): void {
  describe(`wall on ${name}`, () => {
    const harness = useStores(start);
    const wall = () => wallStore(harness.connection);

    it('gives back what was added, all of it and nothing more', async () => {
      await wall().add(FULL);
      await wall().add(entry('plain'));
      expect(await wall().findByDelivery('K7QPD.full')).toEqual(FULL);
      expect(await wall().findByDelivery('K7QPD.plain')).toEqual(entry('plain'));
      expect(await wall().findByDelivery('K7QPD.other')).toBeUndefined();
    });

    it('shows the newest first, no more than are asked for', async () => {
      for (const minute of [2, 0, 1])
        await wall().add(entry(`m${minute}`, { at: new Date(NOW.getTime() + minute * 60_000) }));
      expect((await wall().newest(2)).map((each) => each.id)).toEqual(['m2', 'm1']);
    });

    it('shows a double as a double, and finds the first', async () => {
      await wall().add(entry('second', { delivery: 'one', at: new Date(NOW.getTime() + 1) }));
      await wall().add(entry('first', { delivery: 'one' }));
      expect((await wall().newest(10)).map((each) => each.id)).toEqual(['second', 'first']);
      expect((await wall().findByDelivery('one'))?.id).toBe('first');
    });

    it('removes one entry, and removing again is success', async () => {
      await wall().add(entry('a'));
      await wall().add(entry('b'));
      await wall().remove('a');
      await wall().remove('a');
      expect((await wall().newest(10)).map((each) => each.id)).toEqual(['b']);
    });

    it('removes what is older than an instant, oldest first, and finds who shows a medium', async () => {
      const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
      for (const second of [-1, -3, -2, 0]) await wall().add(entry(`s${second}`, { at: at(second) }));
      await wall().add(FULL);
      expect(await wall().removeBefore(NOW, 2)).toBe(2);
      expect((await wall().newest(10)).map((each) => each.id).sort()).toEqual(['full', 's-1', 's0']);
      expect(await wall().removeBefore(NOW, 2)).toBe(1);
      expect(await wall().removeBefore(NOW, 2)).toBe(0);
      expect((await wall().withMedium('workspace', 'b'.repeat(64)))?.id).toBe('full');
      expect(await wall().withMedium('workspace', 'c'.repeat(64))).toBeUndefined();
      expect(await wall().withMedium('another', 'b'.repeat(64))).toBeUndefined();
    });

    it('adds a thousand of one instant in a few inserts', async () => {
      const shared = wall();
      const ids = Array.from({ length: 1000 }, (_, index) => `n${index}`);
      const sent = await harness.commandsOf(() => Promise.all(ids.map((id) => shared.add(entry(id)))));
      expect(sent.map((each) => each.name)).toEqual(['insert', 'insert']);
      expect(new Set((await shared.newest(2000)).map((each) => each.id))).toEqual(new Set(ids));
    });

    it('tells every caller of an insert that failed, and goes on', async () => {
      const shared = wall();
      await shared.add(entry('taken'));
      const both = await Promise.allSettled([shared.add(entry('taken')), shared.add(entry('new'))]);
      expect(both.map((each) => each.status)).toEqual(['rejected', 'rejected']);
      // Which of them arrived is found out by looking.
      expect((await shared.findByDelivery('K7QPD.new'))?.id).toBe('new');
      await shared.add(entry('later'));
      expect(await shared.newest(10)).toHaveLength(3);
    });

    it('finds by delivery and by time through an index', async () => {
      wall();
      await harness.connection.model('Wall').createIndexes();
      const keys = (await harness.connection.collection('wall').indexes()).map((each) => each.key);
      expect(keys).toEqual(expect.arrayContaining([{ delivery: 1 }, { at: -1 }]));
    });
  });
}
