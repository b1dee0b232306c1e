/**
 * Questions that wait for an answer in words. Telegram has no forms; a person answers by replying to the question. The
 * question is in the inbox, so it is still understood after a restart.
 */
import type { Message, User } from 'grammy/types';
import { after, DAY, MINUTE } from '../../core/clock.ts';
import type { Conversation, Identity, MessageReference } from '../../core/words.ts';
import { type Addressee, patiently } from './answers.ts';
import type { Context } from './context.ts';
import { identityOf, nameOf } from './conversation.ts';
import { cutText } from './fit.ts';
import { PLACEHOLDER_MAX } from './limits.ts';
import { questionNote } from './notes.ts';

/** After that, an answer is only a message like any other. */
const QUESTION_LIFE_MS = 7 * DAY;

/**
 * In a private chat so long the next words answer a question of one line, also where the person has closed the reply that
 * Telegram opens for it. Where a whole text is asked for, the next words may be a new one.
 */
const NEXT_WORDS_MS = 10 * MINUTE;

/** The answer goes to a button's action; `card` is the message that the button stands under. */
interface PressQuestion {
  readonly kind: 'press';
  readonly action: string;
  readonly max: number;
  readonly card: string;
}

/** The answer is an option of the command that takes over messages. */
export interface OptionQuestion {
  readonly kind: 'option';
  readonly command: string;
  readonly option: string;
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly messages: readonly Message[];
}

type Question = PressQuestion | OptionQuestion;

interface Kept {
  readonly person: Identity;
  readonly question: Question;
}

/** Another message of ours whose replies answer the question that is kept under this key. */
interface Repeated {
  readonly first: string;
}

interface QuestionWords {
  readonly title: string;
  readonly label: string;
  readonly value?: string;
  readonly max?: number;
  readonly multiline?: boolean;
}

/** Asks `user` and keeps what the answer will be for. */
export async function askQuestion(
  context: Context,
  user: User,
  to: Addressee,
  words: QuestionWords,
  question: Question,
): Promise<void> {
  const inGroup = to.conversation.kind === 'group';
  const note = questionNote({
    ...words,
    ...(inGroup ? { mention: { name: nameOf(user), user: user.id } } : {}),
  });
  const placeholder = cutText(words.label, PLACEHOLDER_MAX);
  const sent = await patiently(context, () =>
    context.messenger.send(to.conversation, note, {
      ...(to.replyTo === undefined ? {} : { replyTo: to.replyTo }),
      forceReply: {
        force_reply: true,
        ...(placeholder === '' ? {} : { input_field_placeholder: placeholder }),
        // Only the person who is mentioned, or whose message is answered, gets the keyboard opened.
        ...(inGroup ? { selective: true } : {}),
      },
    }),
  );
  await keepQuestion(context, sent.conversation, sent.messageId, { person: identityOf(user), question });
  if (inGroup || words.multiline) return;
  const expiresAt = after(context.clock.now(), NEXT_WORDS_MS);
  await context.inbox.remember(nextWordsKey(context, sent.conversation.id), sent.messageId, expiresAt);
}

async function keepQuestion(
  context: Context,
  conversation: Conversation,
  messageId: string,
  kept: Kept | Repeated,
): Promise<void> {
  const expiresAt = after(context.clock.now(), QUESTION_LIFE_MS);
  await context.inbox.remember(keyOf(context, conversation.id, messageId), JSON.stringify(kept), expiresAt);
}

/** A question that a message answers. */
export interface FoundQuestion {
  readonly question: Question;
  /** No further answer is wanted. Called after the work, so that an answer whose work was cut short finds it again. */
  close(): Promise<void>;
  askAgainAt(message: MessageReference): Promise<void>;
}

/** The question that this message answers; undefined when it answers none, or one that was put to somebody else. */
export async function findQuestion(
  context: Context,
  message: Message,
  user: User,
): Promise<FoundQuestion | undefined> {
  const asked = await questionMeant(context, message);
  if (asked === undefined) return undefined;
  const found = await recall(context, keyOf(context, String(message.chat.id), asked));
  if (found === undefined || found.kept.person !== identityOf(user)) return undefined;
  const { key, kept } = found;
  return {
    question: kept.question,
    async close() {
      await context.inbox.take(key, context.clock.now());
    },
    askAgainAt: ({ conversation, messageId }) =>
      keepQuestion(context, conversation, messageId, { first: key }),
  };
}

/** The id of the message that is answered, when it is one of ours. */
async function questionMeant(context: Context, message: Message): Promise<string | undefined> {
  const asked = message.reply_to_message;
  if (asked !== undefined) return asked.from?.id === context.me.id ? String(asked.message_id) : undefined;
  const isPlain = message.text !== undefined && message.forward_origin === undefined;
  if (message.chat.type !== 'private' || !isPlain) return undefined;
  return context.inbox.take(nextWordsKey(context, String(message.chat.id)), context.clock.now());
}

async function recall(context: Context, key: string): Promise<{ key: string; kept: Kept } | undefined> {
  const found = await context.inbox.recall(key, context.clock.now());
  if (found === undefined) return undefined;
  const kept = JSON.parse(found) as Kept | Repeated;
  return 'first' in kept ? recall(context, kept.first) : { key, kept };
}

const keyOf = (context: Context, chatId: string, messageId: string): string =>
  `${context.me.id}:question:${chatId}:${messageId}`;

const nextWordsKey = (context: Context, chatId: string): string => `${context.me.id}:next:${chatId}`;
