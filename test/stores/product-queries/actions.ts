/** Everything that the program asks of its database, as calls of the ports; the sizes are those of production. */
import type { ChatInbox } from '../../../src/core/chat-inbox.ts';
import type { Notice, Stores } from '../../../src/core/stores.ts';
import type { Wall } from '../../../src/core/wall.ts';
import {
  account,
  delivery as makeDelivery,
  post as makePost,
  person,
  workspace,
} from '../../contract/stores/fixtures.ts';
import { NOW, postId, type Size, seconds } from './history.ts';

export interface Ports extends Stores {
  readonly wall: Wall;
  readonly inbox: ChatInbox;
}

const lease = { token: 't', until: seconds(30) };
const ERROR = { code: 'X', kind: 'X', message: 'x', hint: 'x' };

/** Calls in an order in which each finds something to do. */
export function actionsOf(ports: Ports, size: Size): Readonly<Record<string, () => Promise<unknown>>> {
  const { posts, deliveries, notices, accounts, people, workspaces, media, budgets, turns, wall, inbox } =
    ports;
  const waiting = size.finished;
  const id = postId(waiting);
  const deliveryId = (number: number): string => `${postId(number)}.A${number % 20}`;
  const open = {
    standings: ['draft', 'waiting', 'working', 'attention'],
    order: 'due',
    skip: 0,
    limit: 10,
  } as const;
  const past = { standings: ['done', 'cancelled'], order: 'newest', skip: 0, limit: 10 } as const;
  const claim = { limit: 20, exceptAccounts: [] };
  const card: Pick<Notice, 'id' | 'workspaceId' | 'postId' | 'kind' | 'frontend'> = {
    id: `${id}.card`,
    workspaceId: 'W1',
    postId: id,
    kind: 'card',
    frontend: 'chat',
  };
  return {
    'queue, first page': () => posts.list('W1', open),
    'queue, page 20': () => posts.list('W1', { ...open, skip: 190 }),
    'queue, finished, newest first': () => posts.list('W1', past),
    'queue of an account': () => posts.list('W1', { ...open, accountIds: ['A1'] }),
    'queue of two accounts, finished': () => posts.list('W1', { ...past, accountIds: ['A1', 'A3'] }),
    'queue of another workspace': () => posts.list('W2', open),
    'ids like nothing yet': () => posts.idsLike('W1', '', ['waiting', 'attention'], 25),
    'ids like two letters': () => posts.idsLike('W1', id.slice(0, 2), ['waiting', 'attention'], 25),
    'ids like three letters, all standings': () =>
      posts.idsLike(
        'W1',
        id.slice(0, 3),
        ['draft', 'waiting', 'working', 'attention', 'done', 'cancelled'],
        25,
      ),
    'same words': () => posts.sameWords('W1', 'never said', ['A0'], seconds(-86_400), seconds(86_400)),
    'by origin': () => posts.findByOrigin('W1', 'chat:C1:M5'),
    'a post': () => posts.find('W1', id),
    'posts by ids': () => posts.findMany([0, 1, 2, waiting].map(postId)),
    'a new post': () => posts.insert(makePost({ id: 'NEW1', originKey: 'chat:C1:new' })),
    'a known post': () => posts.insert(makePost({ id: 'NEW2', originKey: 'chat:C1:new' })),
    'a change': () => posts.change('W1', id, 0, { words: { text: 'Other words' } }),
    'a roll-up': () => posts.rollUp([{ id, rollUps: 0, standing: 'waiting' }], NOW),
    'a card': () =>
      posts.setCard(id, {
        conversation: { frontend: 'chat', id: 'C1', kind: 'group' },
        messageId: '1',
      }),
    'sweep of open posts': () => posts.openDueBefore(seconds(-30), 100),
    'a chat with a new id': () => posts.renameConversation('chat', 'C5', 'C5000'),
    'a post removed': () => posts.remove('W1', 'NEW1'),
    'posts that are over': () => posts.finishedBefore(seconds(1), 100),
    'posts that are over when none is': () => posts.finishedBefore(seconds(-86_400), 100),
    'a post with a medium': () => posts.withMedium('W1', 'm8'),
    'a post with a medium that none has': () => posts.withMedium('W1', 'none'),
    'posts that are over, removed': () => posts.removeFinished([4, 5, 6].map(postId), seconds(1)),

    'what is due': () => deliveries.findDue(NOW, claim),
    'what is due besides busy accounts': () =>
      deliveries.findDue(NOW, { ...claim, exceptAccounts: ['A1', 'A2', 'A3'] }),
    'what is due when nothing is': () => deliveries.findDue(seconds(-86_400 * 400), claim),
    'claim of what is due': () =>
      deliveries.claim([deliveryId(waiting), deliveryId(waiting + 1)], NOW, lease),
    'claim of what is due no more': () =>
      deliveries.claim([deliveryId(waiting), deliveryId(0)], NOW, { ...lease, token: 't2' }),
    'next due': () => deliveries.nextDue(),
    'next due after now': () => deliveries.nextDue(NOW),
    'count of what is overdue': () => deliveries.countOverdue(seconds(-600)),
    'deliveries of a post': () => deliveries.ofPost('W1', id),
    'deliveries of posts of every workspace': () =>
      deliveries.ofManyPosts([0, 1, waiting, waiting + 1].map(postId)),
    'deliveries of posts': () => deliveries.ofPosts('W1', [0, 1, waiting, waiting + 1].map(postId)),
    'new deliveries': () =>
      deliveries.insert([makeDelivery({ postId: 'NEW3' }), makeDelivery({ postId: 'NEW3' })]),
    'taking for a change': () =>
      deliveries.takeForChange('W1', postId(waiting + size.waiting - 1), NOW, { ...lease, token: 'p' }),
    renewing: () => deliveries.renew([deliveryId(waiting), deliveryId(waiting + 1)], 't', seconds(40)),
    writing: () => deliveries.write(deliveryId(waiting), 't', { state: 'publishing' }, NOW),
    'giving back': () => deliveries.giveBack([deliveryId(waiting)], 't', NOW),
    postponing: () => deliveries.postpone('A2', seconds(120)),
    parking: () => deliveries.park('A2', ERROR),
    unparking: () => deliveries.unpark('W1', 'A2', seconds(20)),
    'room in a day of the past': () =>
      deliveries.goingOut('A1', { from: seconds(-86_400 * 2), to: seconds(-86_400) }, 1_000),
    'room in a day ahead': () => deliveries.goingOut('A1', { from: NOW, to: seconds(86_400) }, 1_000),
    'room of an account, counted': () =>
      deliveries.countGoingOut('A1', { from: seconds(-43_200), to: seconds(43_200) }),
    'a remote id that nobody has': () => deliveries.isTaken('A1', 'R', deliveryId(waiting)),
    'deliveries of posts that are over, removed': () =>
      deliveries.removeSettled([4, 5, 6].map(postId), seconds(1), NOW),
    'leases broken at the start': () => deliveries.breakLeases(NOW),

    'notice again': () => notices.request(card, NOW),
    'notice, new': () => notices.request({ ...card, id: 'NEW.card' }, NOW),
    'notices of a roll-up': () =>
      notices.requestMany([card, { ...card, id: 'NEW.outcome', kind: 'outcome' }], NOW),
    'notice repeated': () => notices.repeat(card.id, NOW),
    'notice repeated that is not there': () => notices.repeat('NONE.card', NOW),
    'claim of notices': () => notices.claim(NOW, ['chat', 'mail'], lease, 20),
    'notice told': () => notices.finish(card.id, 't', 2, 'told', NOW),
    'notice later': () => notices.retryAt(`${postId(waiting + 1)}.card`, 't', 1, seconds(60)),
    'notices of posts that are over, removed': () => notices.removeOfPosts([4, 5, 6].map(postId)),
    'next notice': () => notices.nextDue(['chat', 'mail']),
    'notices: leases broken at the start': () => notices.breakLeases(NOW, ['chat', 'mail']),

    'accounts of a workspace': () => accounts.list('W1'),
    'an account': () => accounts.find('W1', 'A1'),
    'accounts by ids': () => accounts.findMany(['A1', 'A2']),
    'an account updated': () => accounts.upsert(account({ handle: '@1', id: 'A1' })),
    'accounts retired': () =>
      accounts.retireOthers(
        'W1',
        Array.from({ length: 20 }, (_, n) => `A${n}`),
      ),
    'health of an account': () => accounts.setHealth('A1', 'ok'),
    'an account held': () => accounts.hold('A1', seconds(60), 'limit'),
    'account leases': () => accounts.acquire(['A1', 'A2'], 't', NOW, seconds(30)),
    'account leases given back': () => accounts.release(['A1'], 't'),
    'accounts: leases broken at the start': () => accounts.breakLeases(),

    memberships: () => people.find('chat:7'),
    'a member': () => people.findIn('W7', 'chat:7'),
    'members of a workspace': () => people.list('W7'),
    'a member added': () => people.put(person({ workspaceId: 'W7', identity: 'chat:x', role: 'editor' })),
    'a role changed': () => people.changeRole('W7', 'chat:7', 'editor'),

    'the first workspace': () => workspaces.ensureFirst(() => workspace({ id: 'FIRST' })),
    'a workspace': () => workspaces.find('W7'),
    'workspace of a chat': () => workspaces.ofConversation(['chat:C7', 'chat:C8']),
    'a chat attached': () => workspaces.attachConversation('W9', 'chat:C7'),
    'a chat renamed': () => workspaces.renameConversation('chat:C7', 'chat:C700'),
    'a workspace changed': () => workspaces.change('W7', { name: 'Cafe' }),
    'a claim code': () => workspaces.setClaimCode('W7', 'CODE'),
    'a claim code spent': () => workspaces.spendClaimCode('W7', 'CODE'),

    'a file remembered': () =>
      media.remember(
        'W1',
        { sha256: 'a', bytes: 1 },
        { kind: 'image', mime: 'image/png', bytes: 1 } as never,
        NOW,
      ),
    'facts of a file': () => media.find('W1', 'a'),
    'files unused for long': () => media.usedBefore(NOW, 100),
    'files unused for long when none is': () => media.usedBefore(seconds(-86_400 * 400), 100),
    'who has a file': () => media.usesOf('m8'),
    'a file needed': () => media.touch('W1', 'm8', NOW),
    'a file forgotten': () => media.forget('W1', 'm16', NOW),

    'a budget': () => budgets.find('alpha.0'),
    'a budget kept': () =>
      budgets.put('alpha.0', [{ name: 'by the hour', limit: 9, remaining: 3, resetAt: seconds(60) }], NOW),
    'a budget kept again': () => budgets.put('alpha.0', [], NOW),

    'a turn taken': () => turns.take('a', 't', NOW, seconds(30)),
    'a turn that another has': () => turns.take('a', 'u', NOW, seconds(30)),
    'a turn ended': () => turns.end('a', 't'),

    'the wall': () => wall.newest(50),
    'a wall entry': () => wall.findByDelivery(deliveryId(3)),
    'a new wall entry': () =>
      wall.add({
        id: 'wall-new',
        workspaceId: 'W1',
        network: 'alpha',
        account: 'A1',
        handle: '@1',
        post: 'P',
        delivery: 'D',
        text: 'x',
        media: [],
        at: NOW,
      } as never),
    'a wall entry removed': () => wall.remove('wall-new'),
    'the old part of the wall': () => wall.removeBefore(NOW, 100),
    'a wall entry with a medium': () => wall.withMedium('W1', `m${waiting}`),
    'a wall entry with a medium that none has': () => wall.withMedium('W1', 'none'),

    'inputs kept': () =>
      inbox.keep(
        [
          { id: 'S:new', payload: 'x' },
          { id: `S:${waiting + 1}`, payload: 'x' },
        ],
        NOW,
      ),
    'inputs begun': () => inbox.begin(['S:new', `S:${waiting + 1}`]),
    'inputs finished': () => inbox.finish(['S:new', `S:${waiting + 1}`]),
    'inputs of a dead process': () => inbox.reopen('S'),
    'a note': () => inbox.remember('q', 'x', seconds(60)),
    'a note read': () => inbox.recall('q', NOW),
    'a note taken': () => inbox.take('q', NOW),
    'what is forgotten': () => inbox.forget(seconds(-size.finished / 2), NOW),
  };
}
