/** What retention asks of the stores: finding what is over, and removing that and nothing else. */
import { describe, expect, it } from 'vitest';
import type { Delivery, MediaFacts, MediaItem, Post } from '../../../src/core/words.ts';
import { NOW, post, resting, seconds } from './fixtures.ts';
import type { Harness } from './harness.ts';

const FACTS: MediaFacts = { kind: 'image', mime: 'image/png', bytes: 3, width: 2, height: 1 };
const medium = (sha256: string): MediaItem => ({ ...FACTS, sha256, name: `${sha256}.png` });
const ids = (posts: readonly Post[]): string[] => posts.map((each) => each.id);

export function retentionContract(harness: Harness): void {
  describe('retention', () => {
    it('finds posts that are done or cancelled for long, of every workspace, and removes those only', async () => {
      const { posts } = harness.stores;
      const old: Post[] = [
        post({ id: 'P2', standing: 'cancelled', updatedAt: seconds(-20), workspaceId: 'W2' }),
        post({ id: 'P1', standing: 'done', updatedAt: seconds(-30) }),
        post({ id: 'P3', standing: 'done', updatedAt: seconds(-10) }),
      ];
      const standings = ['draft', 'waiting', 'working', 'attention'] as const;
      const open = standings.map((standing) => post({ id: standing, standing, updatedAt: seconds(-40) }));
      const young = post({ id: 'P4', standing: 'done', updatedAt: NOW });
      for (const each of [...old, ...open, young]) await posts.insert(each);
      expect(ids(await posts.finishedBefore(NOW, 10))).toEqual(['P1', 'P2', 'P3']);
      expect(ids(await posts.finishedBefore(NOW, 2))).toEqual(['P1', 'P2']);
      // A person went on with it meanwhile.
      await posts.change('W1', 'P3', 0, { standing: 'working' });
      const all = [...old, ...open, young].map(({ id }) => id);
      expect(await posts.removeFinished(all, NOW)).toBe(2);
      expect(ids(await posts.findMany(all)).sort()).toEqual(
        ['P3', 'P4', 'attention', 'draft', 'waiting', 'working'].sort(),
      );
      expect(await posts.removeFinished(['P1', 'P2'], NOW)).toBe(0);
      expect(await posts.removeFinished([], NOW)).toBe(0);
    });

    it('finds a post by a medium that it has, in its own workspace', async () => {
      const { posts } = harness.stores;
      await posts.insert(post({ id: 'P1', media: [medium('a'), medium('b')] }));
      await posts.insert(post({ id: 'P2' }));
      const conversions = { A1: medium('for-A1'), A2: medium('for-A2') };
      await posts.insert(post({ id: 'P3', media: [{ ...medium('clip'), conversions }] }));
      expect((await posts.withMedium('W1', 'b'))?.id).toBe('P1');
      expect(await posts.withMedium('W1', 'c')).toBeUndefined();
      // A copy that was converted for one account, until the post shows something else.
      expect((await posts.withMedium('W1', 'for-A2'))?.id).toBe('P3');
      await posts.change('W1', 'P3', 0, { words: { text: 'Other' } });
      expect((await posts.withMedium('W1', 'for-A2'))?.id).toBe('P3');
      await posts.change('W1', 'P3', 1, { media: [medium('clip')] });
      expect(await posts.withMedium('W1', 'for-A2')).toBeUndefined();
      expect(await posts.find('W1', 'P1')).not.toHaveProperty('conversionKeys');
      expect(await posts.withMedium('W2', 'b')).toBeUndefined();
    });

    it('removes the deliveries of posts that are settled for long and that nobody holds', async () => {
      const { deliveries } = harness.stores;
      const lease = (until: Date) => ({ lease: { token: 't', until } });
      const old = (more: Partial<Delivery>): Delivery => resting({ updatedAt: seconds(-30), ...more });
      await deliveries.insert([
        old({ accountId: 'A1', state: 'published' }),
        old({ accountId: 'A2', state: 'removed', ...lease(seconds(-1)) }),
        old({ accountId: 'A3', state: 'published', ...lease(seconds(1)) }),
        old({ accountId: 'A4', state: 'removing', nextAttemptAt: NOW }),
        old({ accountId: 'A5', state: 'overdue' }),
        old({ accountId: 'A6', state: 'removed', updatedAt: seconds(-10) }),
        old({ postId: 'P2', state: 'cancelled' }),
        old({ postId: 'P3', state: 'published' }),
      ]);
      expect(await deliveries.removeSettled(['P1', 'P2'], seconds(-10), NOW)).toBe(3);
      const left = await deliveries.ofManyPosts(['P1', 'P2', 'P3']);
      expect(left.map(({ id }) => id)).toEqual(['P1.A3', 'P1.A4', 'P1.A5', 'P1.A6', 'P3.A1']);
      expect(await deliveries.removeSettled([], NOW, NOW)).toBe(0);
    });

    it('removes every notice about posts, and none about a post whose id begins alike', async () => {
      const { notices } = harness.stores;
      const notice = (postId: string, kind: 'card' | 'outcome') => ({
        id: kind === 'card' ? `${postId}.card` : `${postId}.outcome.x`,
        workspaceId: 'W1',
        postId,
        kind,
        frontend: 'chat',
      });
      await notices.requestMany(
        ['P1', 'P2', 'P', 'P11'].flatMap((id) => [notice(id, 'card'), notice(id, 'outcome')]),
        NOW,
      );
      expect(await notices.removeOfPosts(['P1', 'P2', 'P9'])).toBe(4);
      expect(await notices.removeOfPosts([])).toBe(0);
      const left = await notices.claim(NOW, ['chat'], { token: 't', until: seconds(60) }, 10);
      expect(left.map(({ id }) => id).sort()).toEqual(['P.card', 'P.outcome.x', 'P11.card', 'P11.outcome.x']);
    });

    it('knows when each workspace used a medium last, and forgets what was not used since', async () => {
      const { media } = harness.stores;
      const remember = (workspaceId: string, sha256: string, at: Date) =>
        media.remember(workspaceId, { sha256, bytes: 3 }, FACTS, at);
      await remember('W1', 'a', seconds(-30));
      await remember('W2', 'a', seconds(-20));
      await remember('W1', 'b', seconds(-10));
      await remember('W1', 'c', NOW);
      const names = async (limit = 10) =>
        (await media.usedBefore(NOW, limit)).map(({ workspaceId, sha256 }) => `${workspaceId}/${sha256}`);
      expect(await names()).toEqual(['W1/a', 'W2/a', 'W1/b']);
      expect(await names(1)).toEqual(['W1/a']);
      expect(await media.usesOf('b')).toEqual([
        { workspaceId: 'W1', sha256: 'b', bytes: 3, lastUsedAt: seconds(-10) },
      ]);
      expect((await media.usesOf('a')).map(({ workspaceId }) => workspaceId).sort()).toEqual(['W1', 'W2']);
      // Fetched again, needed by a post, and said to be needed at an earlier instant than is known.
      await remember('W1', 'a', seconds(5));
      await media.touch('W1', 'b', seconds(-5));
      await media.touch('W2', 'a', seconds(-25));
      expect(await names()).toEqual(['W2/a', 'W1/b']);
      await media.forget('W1', 'a', NOW);
      await media.forget('W2', 'a', NOW);
      await media.forget('W2', 'a', NOW);
      expect((await media.usesOf('a')).map(({ workspaceId }) => workspaceId)).toEqual(['W1']);
    });
  });
}
