/** Answers to what somebody did: sent with patience, and reported to core when they are the card of a post. */
import { SECOND, sleep } from '../../core/clock.ts';
import { CarillonError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { Conversation, MessageReference } from '../../core/words.ts';
import type { Context } from './context.ts';
import { isTransient, type SendOptions } from './messenger.ts';

/** Tries of one answer. */
const TRIES = 4;
const FIRST_WAIT_MS = SECOND;

/** A question that this is the answer to an answer of. */
interface OpenQuestion {
  /** A reply to this message of ours answers the question as well. */
  askAgainAt(message: MessageReference): Promise<void>;
}

/** To whom an answer goes. */
export interface Addressee {
  readonly conversation: Conversation;
  readonly user: number;
  readonly replyTo?: number;
  readonly callbackQuery?: string;
  /** What was asked, where an answer to it is being answered. */
  readonly question?: OpenQuestion;
}

/** Sends the answer; a card is reported. Errors: CHAT_UNREACHABLE, CHAT_UNAVAILABLE after the last try. */
export async function answer(context: Context, to: Addressee, reply: Reply): Promise<MessageReference> {
  const question = isRefusal(reply) && to.conversation.kind === 'direct' ? to.question : undefined;
  const message = await patiently(context, () =>
    context.messenger.send(to.conversation, reply, {
      ...sendOptions(to, reply),
      // The next words are another answer, not something to post.
      ...(question ? { forceReply: { force_reply: true } } : {}),
    }),
  );
  await question?.askAgainAt(message);
  reportCard(context, reply, message);
  return message;
}

/** Puts the answer in the place of a message of ours, or below it when that is not possible. */
export async function answerInPlace(
  context: Context,
  place: MessageReference,
  to: Addressee,
  reply: Reply,
): Promise<MessageReference> {
  try {
    await patiently(context, () => context.messenger.edit(place, reply));
  } catch (error) {
    if (isTransient(error)) throw error;
    context.log.debug({ message: place.messageId }, 'a message could not be edited; the answer is a new one');
    return answer(context, to, reply);
  }
  reportCard(context, reply, place);
  return place;
}

/** The next message of the chat does not wait for it; the end of the update does. */
function reportCard(context: Context, { card }: Reply, message: MessageReference): void {
  if (card === undefined) return;
  const report = context.desk
    .cardPlaced(card, message)
    .catch((error: unknown) => {
      // It has been answered all the same: edits of this card will not come, the outcome will.
      context.log.warn({ error, post: card }, 'the place of a card could not be stored');
    })
    .finally(() => context.reports.delete(report));
  context.reports.add(report);
}

function isRefusal({ tone, card, buttons = [] }: Reply): boolean {
  return (tone === 'error' || tone === 'warning') && card === undefined && buttons.length === 0;
}

function sendOptions(to: Addressee, reply: Reply): SendOptions {
  // An answer with buttons is never personal: a personal message has no id to edit when one of them is pressed.
  const personal =
    reply.personal === true &&
    to.conversation.kind === 'group' &&
    reply.card === undefined &&
    !reply.buttons?.length;
  return {
    ...(to.replyTo === undefined ? {} : { replyTo: to.replyTo }),
    ...(personal
      ? {
          onlyFor: {
            user: to.user,
            ...(to.callbackQuery === undefined ? {} : { callbackQuery: to.callbackQuery }),
          },
        }
      : {}),
  };
}

/**
 * Repeats a call while Telegram is not reachable. A message whose connection broke may have arrived; it is sent again
 * all the same (at least once): Telegram offers no key by which it would know a repetition, the person waits for the
 * answer, and the same answer twice harms nobody.
 */
export async function patiently<T>(context: Context, call: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error) || isLongWait(error) || tried >= TRIES || context.signal.aborted) throw error;
      await sleep(context.clock, FIRST_WAIT_MS * 2 ** (tried - 1), context.signal);
    }
  }
}

/** Telegram named an instant further away than the connection is patient for; before it, no call succeeds. */
const isLongWait = (error: unknown): boolean => error instanceof CarillonError && error.next.do === 'at';
