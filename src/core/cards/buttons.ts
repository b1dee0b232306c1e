/** The buttons of cards and notices: what a person can do as the post stands. */
import { SECOND } from '../clock.ts';
import { isRemovalRefused, needsPerson } from '../delivery/standing.ts';
import { BUTTON_ID_BYTES, type Button } from '../reply.ts';
import { type AccountIssues, freeAtOf } from '../services/check.ts';
import type { PostView } from '../services/post-view.ts';
import type { Delivery, Post } from '../words.ts';
import { threadButton } from './choice-buttons.ts';
import { button, type DrawContext } from './parts.ts';

/** Questions about more accounts than this are asked one after another. */
const QUESTIONS_MAX = 3;

/** A try has failed, and another one follows. */
export const hasStumbled = ({ error }: Delivery): boolean => error !== undefined;

/** What a draft waits for. */
export function draftButtons(
  { post, accounts }: PostView,
  blocked: readonly AccountIssues[],
  context: DrawContext,
): Button[][] {
  const verb = post.immediate ? 'Post' : 'Schedule';
  const others = accounts.filter(({ id }) => blocked.every(({ account }) => account.id !== id));
  const [first] = others;
  // A draft whose moment passed while it waited for an answer needs another one first.
  const isPast = !post.immediate && post.dueAt <= context.now;
  const go = isPast
    ? [button('Another time', `move.to:${post.id}`, 'primary')]
    : blocked.length === 0
      ? [button(`${verb} it`, `schedule.confirm:${post.id}`, 'primary')]
      : first
        ? [
            button(
              `${verb} to ${others.length === 1 ? context.labelOf(first) : `the other ${others.length}`}`,
              `schedule.others:${post.id}`,
              'primary',
            ),
          ]
        : [];
  const free = freeButton(post, blocked);
  const thread = isPast ? undefined : threadButton(post, blocked);
  return [
    [
      ...(free ? [free] : []),
      ...go,
      ...(thread ? [thread] : []),
      editButton(post),
      button('Cancel', `cancel.now:${post.id}`, 'danger'),
    ],
  ];
}

/** Offered where nothing but the moment stands in the way. */
export function freeButton({ id }: Post, issues: readonly AccountIssues[]): Button | undefined {
  const freeAt = freeAtOf(issues);
  return freeAt && button('At the next free time', `move.free:${id}:${freeAt.getTime() / SECOND}`, 'primary');
}

/** Names the revision that it was drawn for: a form that was opened before somebody else's change would undo that. */
function editButton({ id, revision }: Post): Button {
  return button('Edit the words', `edit.words:${id}:${revision}`);
}

/** What a person can do as the post stands; shared by the card and the notices. */
export function buttonsFor(view: PostView, context: DrawContext): Button[][] {
  const { post, deliveries } = view;
  const id = post.id;
  const any = (state: Delivery['state']): boolean => deliveries.some((each) => each.state === state);
  const rows: Button[][] = [];
  const parked = deliveries.some((each) => each.state === 'scheduled' && needsPerson(each));
  if (any('overdue')) {
    rows.push([
      button('Publish now', `retry.overdue:${id}`, 'primary'),
      button('Another time', `move.to:${id}`),
      button('Drop it', `cancel.ask:${id}`, 'danger'),
    ]);
  } else if (any('failed') || parked) {
    rows.push([
      button('Retry', `retry.post:${id}`, 'primary'),
      ...(any('failed') ? [editButton(post), button('Give up', `cancel.ask:${id}`, 'danger')] : []),
    ]);
  } else if (post.standing === 'waiting' && (!post.immediate || deliveries.some(hasStumbled))) {
    rows.push([
      editButton(post),
      button('Another time', `move.to:${id}`),
      button('Cancel', `cancel.ask:${id}`, 'danger'),
    ]);
  }
  const refused = deliveries.filter(isRemovalRefused);
  if (refused.length > 0) rows.push([button('Try removing again', removalOf(post, refused), 'danger')]);
  const asked = deliveries
    .filter((each) => each.state === 'uncertain' && needsPerson(each))
    .slice(0, QUESTIONS_MAX);
  for (const delivery of asked) {
    const account = view.accounts.find((each) => each.id === delivery.accountId);
    const name = account && asked.length > 1 ? ` (${context.labelOf(account)})` : '';
    rows.push([
      button(`Look again${name}`, `retry.look:${id}:${delivery.accountId}`, 'primary'),
      button('It is there', `retry.there:${id}:${delivery.accountId}`, 'success'),
      button('Not there: send again', `retry.absent:${id}:${delivery.accountId}`, 'danger'),
    ]);
  }
  return rows;
}

/** What can be done with a post that is out; on the card alone, beside what asks for a decision it would be in the way. */
export function outButtons({ post, deliveries }: PostView): Button[][] {
  const isOut = post.standing === 'done' && deliveries.some((each) => each.state === 'published');
  if (!isOut || deliveries.some(isRemovalRefused)) return [];
  return [[button('Numbers', `stats.post:${post.id}`), button('Remove', `remove.ask:${post.id}`)]];
}

/** Asks about these accounts; about all where one button cannot name so many. */
function removalOf({ id }: Post, deliveries: readonly Delivery[]): string {
  const action = `remove.ask:${id}:${deliveries.map(({ accountId }) => accountId).join('+')}`;
  return Buffer.byteLength(action) > BUTTON_ID_BYTES ? `remove.ask:${id}` : action;
}
