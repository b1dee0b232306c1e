import { describe, expect, it } from 'vitest';
import type { Post } from '../../../src/core/words.ts';
import { NOW, post, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

const ids = (posts: readonly Post[]): string[] => posts.map((each) => each.id);

export function postsContract(harness: Harness): void {
  describe('posts', () => {
    it('gives back what was put in, to its own workspace only', async () => {
      const { posts } = harness.stores;
      const given = post({
        words: { text: '', link: 'https://bakery.example', format: 'story', fit: 'crop', cover: 3 },
        variants: { alpha: { text: 'Short' }, A1: { title: 'Bread' } },
        media: [
          {
            sha256: 'abc',
            name: 'a.png',
            alt: 'A loaf',
            kind: 'image',
            mime: 'image/png',
            bytes: 3,
            width: 2,
            height: 1,
            conversions: {
              A1: {
                sha256: 'def',
                kind: 'video',
                mime: 'video/mp4',
                bytes: 2,
                width: 2,
                height: 2,
                durationMs: 1,
              },
            },
          },
        ],
        expiresAt: seconds(60),
        origin: {
          conversation: {
            frontend: 'chat',
            id: 'C1',
            topic: 'T',
            parent: 'C0',
            kind: 'group',
            title: 'Team',
          },
          person: 'chat:7',
          personName: 'Ada',
          messageId: 'M1',
        },
        originKey: 'chat:C1:M1',
      });
      expect(await posts.insert(given)).toBe('inserted');
      expect(await posts.find('W1', 'P1')).toEqual(given);
      expect(await posts.find('W2', 'P1')).toBeUndefined();
      expect(await posts.findMany(['P1', 'P9'])).toEqual([given]);
      expect(await posts.findByOrigin('W1', 'chat:C1:M1')).toEqual(given);
      expect(await posts.findByOrigin('W2', 'chat:C1:M1')).toBeUndefined();
      await posts.remove('W2', 'P1');
      expect(await posts.find('W1', 'P1')).toBeDefined();
      await posts.remove('W1', 'P1');
      expect(await posts.find('W1', 'P1')).toBeUndefined();
    });

    it('tells a taken id from a message that made its post already', async () => {
      const { posts } = harness.stores;
      expect(await posts.insert(post({ originKey: 'chat:C1:M1' }))).toBe('inserted');
      expect(await posts.insert(post())).toBe('id taken');
      expect(await posts.insert(post({ originKey: 'chat:C1:M2' }))).toBe('id taken');
      expect(await posts.insert(post({ id: 'P2', originKey: 'chat:C1:M1' }))).toBe('known');
      expect(await posts.insert(post({ id: 'P3' }))).toBe('inserted');
      expect(await posts.insert(post({ id: 'P4' }))).toBe('inserted');
    });

    it('makes one post of one message that arrives twice at once', async () => {
      const outcomes = await Promise.all(
        ['P1', 'P2', 'P3', 'P4'].map((id, index) =>
          (index % 2 ? harness.elsewhere : harness.stores).posts.insert(
            post({ id, originKey: 'chat:C1:M1' }),
          ),
        ),
      );
      expect(outcomes.filter((each) => each === 'inserted')).toHaveLength(1);
      expect(outcomes.filter((each) => each === 'known')).toHaveLength(3);
    });

    it('refuses a field that it does not know instead of losing it', async () => {
      await expect(harness.stores.posts.insert({ ...post(), mood: 'good' } as Post)).rejects.toThrow('mood');
      const words = { text: 'Hello', tone: 'loud' };
      await expect(harness.stores.posts.insert(post({ words }))).rejects.toThrow('words.tone');
    });

    it('answers each of many that come at once by itself', async () => {
      const { posts } = harness.stores;
      await posts.insert(post({ id: 'TAKEN' }));
      // A number beyond what BSON can hold keeps a whole bulk from being sent.
      const unstorable = post({ id: 'P3', variants: { x: { text: 1n << 80n } } as never });
      const outcomes = await Promise.allSettled(
        [post({ id: 'P1' }), post({ id: 'TAKEN' }), unstorable, post({ id: 'P2' })].map((each) =>
          posts.insert(each),
        ),
      );
      expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : 'refused'))).toEqual([
        'inserted',
        'id taken',
        'refused',
        'inserted',
      ]);
      expect(ids(await posts.findMany(['P1', 'P2', 'P3'])).sort()).toEqual(['P1', 'P2']);
    });

    it('lists by standing and moment, page by page, with the total', async () => {
      const { posts } = harness.stores;
      const standings = ['waiting', 'working', 'done'] as const;
      for (let index = 0; index < 12; index += 1) {
        await posts.insert(
          post({
            id: `P${String(index).padStart(2, '0')}`,
            standing: standings[index % 3]!,
            // Pairs are due at the same instant: pages must neither repeat nor leave out one.
            dueAt: seconds(Math.floor(index / 2)),
            targets: index < 6 ? ['A1', 'A2'] : ['A2', 'A3'],
          }),
        );
      }
      await posts.insert(post({ id: 'OTHER', workspaceId: 'W2', dueAt: seconds(60) }));
      const ask = { standings: ['waiting', 'working'], order: 'due', skip: 0, limit: 3 } as const;
      const first = await posts.list('W1', ask);
      const second = await posts.list('W1', { ...ask, skip: 3 });
      expect(first.total).toBe(8);
      expect([...ids(first.posts), ...ids(second.posts)]).toEqual(['P00', 'P01', 'P03', 'P04', 'P06', 'P07']);
      expect(ids((await posts.list('W1', { ...ask, order: 'newest' })).posts)).toEqual(['P10', 'P09', 'P07']);
      const ofAccount = await posts.list('W1', { ...ask, accountIds: ['A1'], limit: 10 });
      expect(ofAccount.total).toBe(4);
      expect(ids(ofAccount.posts)).toEqual(['P00', 'P01', 'P03', 'P04']);
      const ofBoth = await posts.list('W1', { ...ask, accountIds: ['A1', 'A2'], limit: 10 });
      expect(ids(ofBoth.posts)).toEqual(['P00', 'P01', 'P03', 'P04', 'P06', 'P07', 'P09', 'P10']);
      expect(ofBoth.total).toBe(8);
      expect(ids(await posts.openDueBefore(seconds(2), 10))).toEqual(['P00', 'P01', 'P03']);
      expect(ids(await posts.openDueBefore(seconds(9), 2))).toEqual(['P00', 'P01']);
    });

    it('completes ids in either case, latest due first, and takes no typed sign as a pattern', async () => {
      const { posts } = harness.stores;
      await posts.insert(post({ id: 'K7A', dueAt: seconds(1) }));
      await posts.insert(post({ id: 'K7B', dueAt: seconds(2) }));
      await posts.insert(post({ id: 'K8C', dueAt: seconds(3) }));
      await posts.insert(post({ id: 'K7D', standing: 'done' }));
      await posts.insert(post({ id: 'K7E', workspaceId: 'W2' }));
      expect(ids(await posts.idsLike('W1', 'k7', ['waiting'], 10))).toEqual(['K7B', 'K7A']);
      expect(ids(await posts.idsLike('W1', '', ['waiting'], 2))).toEqual(['K8C', 'K7B']);
      expect(await posts.idsLike('W1', '.*', ['waiting'], 10)).toEqual([]);
    });

    it('lets one of two changes at once through', async () => {
      const { posts } = harness.stores;
      await posts.insert(post({ expiresAt: seconds(60) }));
      const changes = await Promise.all([
        posts.change('W1', 'P1', 0, { words: { text: 'One' } }),
        harness.elsewhere.posts.change('W1', 'P1', 0, { words: { text: 'Two' } }),
      ]);
      const won = changes.filter((each) => each !== undefined);
      expect(won).toHaveLength(1);
      expect(won[0]?.revision).toBe(1);
      expect(await posts.find('W1', 'P1')).toEqual(won[0]);
      expect(await posts.change('W2', 'P1', 1, { immediate: true })).toBeUndefined();
      const changed = await posts.change('W1', 'P1', 1, { expiresAt: null, dueAt: seconds(9) });
      expect(changed).toEqual({ ...post(), words: won[0]?.words, dueAt: seconds(9), revision: 2 });
    });

    it('rolls up only when no other roll-up came between', async () => {
      const { posts } = harness.stores;
      await posts.insert(post());
      const rolled = await Promise.all([
        posts.rollUp([{ id: 'P1', rollUps: 0, standing: 'working' }], seconds(1)),
        harness.elsewhere.posts.rollUp([{ id: 'P1', rollUps: 0, standing: 'done' }], seconds(1)),
      ]);
      expect(rolled.filter(Boolean)).toHaveLength(1);
      expect((await posts.find('W1', 'P1'))?.rollUps).toBe(1);
      expect(await posts.rollUp([{ id: 'P1', rollUps: 1, standing: 'done' }], seconds(2))).toBe(true);
      expect(await posts.rollUp([], seconds(3))).toBe(true);
      expect(await posts.find('W1', 'P1')).toMatchObject({
        standing: 'done',
        rollUps: 2,
        updatedAt: seconds(2),
        revision: 0,
      });
    });

    it('finds the same words, whatever their case, spaces and composition', async () => {
      const { posts } = harness.stores;
      await posts.insert(post({ id: 'P1', words: { text: 'Caf\u00e9  OPEN\n Stra\u00dfe' } }));
      await posts.insert(
        post({
          id: 'P2',
          words: { text: 'other' },
          variants: { alpha: { text: 'cafe\u0301 open strasse' } },
        }),
      );
      await posts.insert(post({ id: 'P3', words: { text: 'cafe open strasse' } }));
      await posts.insert(
        post({ id: 'P4', words: { text: 'CAF\u00c9 OPEN STRASSE' }, standing: 'cancelled' }),
      );
      await posts.insert(post({ id: 'P5', words: { text: 'CAF\u00c9 OPEN STRASSE' }, dueAt: seconds(90) }));
      await posts.insert(post({ id: 'P6', words: { text: 'CAF\u00c9 OPEN STRASSE' }, targets: ['A2'] }));
      await posts.insert(post({ id: 'P7', words: { text: '' } }));
      const same = (accounts: string[]) =>
        posts.sameWords('W1', ' caf\u00e9 open stra\u00dfe ', accounts, seconds(-60), seconds(60));
      expect(ids(await same(['A1']))).toEqual(['P1', 'P2']);
      expect(ids(await same(['A2', 'A3']))).toEqual(['P6']);
      expect(await posts.sameWords('W1', '  ', ['A1'], seconds(-60), seconds(60))).toEqual([]);
      await posts.change('W1', 'P1', 0, { words: { text: 'now another' } });
      await posts.change('W1', 'P2', 0, { variants: {} });
      expect(await same(['A1'])).toEqual([]);
    });

    it('answers many who ask about the same words at once, each the own question', async () => {
      const { posts } = harness.stores;
      await posts.insert(post({ id: 'P1', words: { text: 'one' }, targets: ['A1'] }));
      await posts.insert(post({ id: 'P2', words: { text: 'two' }, targets: ['A1'] }));
      await posts.insert(post({ id: 'P3', words: { text: 'one' }, targets: ['A2'], dueAt: seconds(3600) }));
      await posts.insert(post({ id: 'P4', workspaceId: 'W2', words: { text: 'one' }, targets: ['A1'] }));
      const asked = [
        ['W1', 'one', 'A1', 60],
        ['W1', 'two', 'A1', 60],
        ['W1', 'one', 'A2', 60],
        ['W1', 'one', 'A2', 7200],
        ['W2', 'one', 'A1', 60],
        ['W1', 'three', 'A1', 60],
      ] as const;
      const answers = await Promise.all(
        asked.map(([workspaceId, words, account, until]) =>
          posts.sameWords(workspaceId, words, [account], seconds(-60), seconds(until)),
        ),
      );
      expect(answers.map(ids)).toEqual([['P1'], ['P2'], [], ['P3'], ['P4'], []]);
    });

    it('rewrites the routes of a chat that got a new id', async () => {
      const { posts } = harness.stores;
      await posts.insert(post({ id: 'P1' }));
      await posts.insert(
        post({
          id: 'P2',
          origin: { ...post().origin, conversation: { frontend: 'mail', id: 'C1', kind: 'direct' } },
        }),
      );
      await posts.setCard('P1', {
        conversation: { frontend: 'chat', id: 'C1', kind: 'group' },
        messageId: 'M5',
      });
      await posts.renameConversation('chat', 'C1', 'C9');
      const renamed = await posts.find('W1', 'P1');
      expect(renamed?.origin.conversation).toEqual({ frontend: 'chat', id: 'C9', kind: 'group' });
      expect(renamed?.card).toEqual({
        conversation: { frontend: 'chat', id: 'C9', kind: 'group' },
        messageId: 'M5',
      });
      expect((await posts.find('W1', 'P2'))?.origin.conversation.id).toBe('C1');
      expect(NOW).toEqual(renamed?.createdAt);
    });
  });
}
