/** Whether each query of the stores reads about what it answers, in a database with years of history. */
import { describe, expect, it } from 'vitest';
import type { PostStanding } from '../../../src/core/words.ts';
import { account, claimDue, delivery, NOW, post, resting, seconds } from './fixtures.ts';
import type { Harness, SentCommand } from './harness.ts';

/** A query may examine so many documents for each that it returns. */
const RATIO = 3;
/** Updates are looked at after they have run, when what they found no longer matches; none of them here finds more. */
const SLACK = 12;

/** Each many times what a query returns here, so that one which reads them all is far beyond the bound. */
const HISTORY = 150;
const WAITING = 120;
/** Numbers of posts that wait. */
const [SOON, NEXT, LATER] = [HISTORY + 10, HISTORY + 11, HISTORY + 110];

interface ExecutionStats {
  readonly executionStats: { readonly nReturned: number; readonly totalDocsExamined: number };
}

/** The part of a command that looks for documents, as find commands. */
function findsOf({ name, command }: SentCommand): Record<string, unknown>[] {
  if (name === 'find') {
    const { find, filter, sort, limit, skip } = command;
    return [
      { find, filter, ...(sort ? { sort } : {}), ...(limit ? { limit } : {}), ...(skip ? { skip } : {}) },
    ];
  }
  if (name === 'count') return [{ find: command.count, filter: command.query }];
  if (name === 'update') {
    const updates = command.updates as { q: unknown }[];
    return updates.map(({ q }) => ({ find: command.update, filter: q }));
  }
  return [];
}

export function examinedContract(harness: Harness): void {
  const fill = async (): Promise<void> => {
    const { posts, deliveries, accounts, notices } = harness.stores;
    const standings: PostStanding[] = ['done', 'done', 'done', 'cancelled'];
    const all = Array.from({ length: HISTORY + WAITING }, (_, index) => {
      const isOld = index < HISTORY;
      const accountId = `A${index % 5}`;
      return {
        id: `P${index}`,
        isOld,
        accountId,
        dueAt: seconds(isOld ? index - 100_000 : index - HISTORY - 60),
      };
    });
    await Promise.all(
      all.map(async ({ id, isOld, accountId, dueAt }, index) => {
        const standing = isOld ? standings[index % standings.length]! : 'waiting';
        await posts.insert(
          post({ id, targets: [accountId], dueAt, standing, words: { text: `Words ${id}` } }),
        );
        if (!isOld || index % 2 === 0) return;
        await notices.request(
          { id: `${id}.card`, workspaceId: 'W1', postId: id, kind: 'card', frontend: 'mail' },
          NOW,
        );
      }),
    );
    await deliveries.insert(
      all.map(({ id, isOld, accountId, dueAt }) =>
        isOld
          ? resting({ postId: id, accountId, dueAt, state: 'published' })
          : delivery({
              postId: id,
              accountId,
              dueAt,
              nextAttemptAt: dueAt,
              priority: Number(id.slice(1)) % 3,
            }),
      ),
    );
    for (let index = 0; index < 5; index += 1)
      await accounts.upsert(account({ id: `A${index}`, handle: `@${index}` }));
    await notices.request(
      { id: 'P1.x', workspaceId: 'W1', postId: 'P1', kind: 'outcome', frontend: 'chat' },
      NOW,
    );
  };

  describe('what queries examine', () => {
    it('is about what they return', { timeout: 60_000 }, async () => {
      await fill();
      const { posts, deliveries, accounts, notices } = harness.stores;
      const list = {
        standings: ['draft', 'waiting', 'working', 'attention'],
        order: 'due',
        skip: 0,
        limit: 10,
      } as const;
      const lease = { token: 't', until: seconds(30) };
      const actions: Record<string, () => Promise<unknown>> = {
        'queue, first page': () => posts.list('W1', list),
        'queue, newest of the finished': () =>
          posts.list('W1', { ...list, standings: ['done', 'cancelled'], order: 'newest' }),
        'queue of an account': () => posts.list('W1', { ...list, accountIds: ['A1'] }),
        'queue of two accounts': () => posts.list('W1', { ...list, accountIds: ['A1', 'A3'] }),
        completion: () => posts.idsLike('W1', '', ['waiting'], 25),
        'same words': () =>
          posts.sameWords('W1', `words p${SOON}`, ['A0'], seconds(-86_400), seconds(86_400)),
        'by origin': () => posts.findByOrigin('W1', 'chat:C1:M1'),
        'sweep of open posts': () => posts.openDueBefore(seconds(-30), 20),
        'chat with a new id': () => posts.renameConversation('chat', 'C5', 'C6'),
        claim: () => claimDue(deliveries, NOW, { ...lease, limit: 10, exceptAccounts: [] }),
        'claim when nothing is due': () =>
          claimDue(deliveries, seconds(-1000), { ...lease, limit: 10, exceptAccounts: [] }),
        'next due': () => deliveries.nextDue(),
        'deliveries of a post': () => deliveries.ofPost('W1', `P${SOON}`),
        'deliveries of posts': () => deliveries.ofPosts('W1', [`P${SOON}`, `P${NEXT}`, 'P3']),
        'taking for a change': () =>
          deliveries.takeForChange('W1', `P${LATER}`, NOW, { ...lease, token: 'p' }),
        renewing: () => deliveries.renew([`P${SOON}.A0`, `P${NEXT}.A1`], 't', seconds(40)),
        'giving back': () => deliveries.giveBack([`P${SOON}.A0`], 't', NOW),
        postponing: () => deliveries.postpone('A2', seconds(20)),
        unparking: () => deliveries.unpark('W1', 'A2', seconds(20)),
        parking: () => deliveries.park('A2', { code: 'X', kind: 'X', message: 'x', hint: 'x' }),
        'accounts of a workspace': () => accounts.list('W1'),
        'account leases': () => accounts.acquire(['A1', 'A2'], 't', NOW, seconds(30)),
        'claim of notices': () => notices.claim(NOW, ['chat'], lease, 20),
        'next notice': () => notices.nextDue(['chat']),
      };
      const wasteful: string[] = [];
      let looked = 0;
      for (const [what, action] of Object.entries(actions)) {
        for (const query of (await harness.commandsOf(action)).flatMap(findsOf)) {
          const { executionStats } = (await harness.connection.db!.command({
            explain: query,
            verbosity: 'executionStats',
          })) as unknown as ExecutionStats;
          looked += 1;
          if (executionStats.totalDocsExamined > RATIO * executionStats.nReturned + SLACK) {
            wasteful.push(
              `${what}: ${executionStats.totalDocsExamined} for ${executionStats.nReturned}: ${JSON.stringify(query)}`,
            );
          }
        }
      }
      expect(wasteful).toEqual([]);
      expect(looked).toBeGreaterThan(Object.keys(actions).length);
    });
  });
}
