/** Who speaks, where, and whether it is any business of ours: reads Telegram's chats, users and topics into core's words. */
import type { Chat, Message, Update, User, UserFromGetMe } from 'grammy/types';
import type { Conversation, Identity } from '../../core/words.ts';
import { ANONYMOUS_ADMIN, FRONTEND } from './limits.ts';

/** The conversation that a message stands in. */
export function conversationOf(
  message: Pick<Message, 'chat' | 'is_topic_message' | 'message_thread_id'>,
): Conversation {
  const { chat } = message;
  return {
    frontend: FRONTEND,
    id: String(chat.id),
    kind: chat.type === 'private' ? 'direct' : 'group',
    ...titleOf(chat),
    // message_thread_id alone is no topic: in ordinary supergroups every chain of replies has one, and sending to it fails.
    ...(message.is_topic_message && message.message_thread_id !== undefined
      ? { topic: String(message.message_thread_id) }
      : {}),
  };
}

function titleOf(chat: Chat): { title?: string } {
  const title =
    chat.type === 'private' ? [chat.first_name, chat.last_name].filter(Boolean).join(' ') : chat.title;
  return title ? { title } : {};
}

/** The chat whose order an update keeps; undefined for a button under a message of no chat. */
export const chatIdOf = ({ message, callback_query: query }: Update): number | undefined =>
  (message ?? query?.message)?.chat.id;

export function identityOf(user: Pick<User, 'id'>): Identity {
  return `${FRONTEND}:${user.id}`;
}

/** The Telegram user id of one of our identities; undefined for an identity of another chat. */
export function userIdOf(identity: Identity): number | undefined {
  const match = /^telegram:(\d+)$/.exec(identity);
  return match ? Number(match[1]) : undefined;
}

export function nameOf(user: User): string {
  return (
    [user.first_name, user.last_name].filter(Boolean).join(' ').trim() || user.username || String(user.id)
  );
}

/** Written in the name of a group or channel: everybody who does so has the same account, so nobody can be told by it. */
export function isAnonymous(message: Message): boolean {
  return message.sender_chat !== undefined || message.from?.id === ANONYMOUS_ADMIN;
}

export interface CommandWords {
  readonly name: string;
  /** `/name@thisbot`. */
  readonly addressed: boolean;
  /** Where the words after the command begin, in UTF-16 units, as Telegram counts. */
  readonly end: number;
}

/** The command that a text or caption begins with; undefined for none and for another bot's (`/name@otherbot`). */
export function commandOf(message: Message, me: UserFromGetMe): CommandWords | undefined {
  const text = message.text ?? message.caption ?? '';
  const entity = (message.entities ?? message.caption_entities ?? []).find(
    (one) => one.type === 'bot_command',
  );
  if (entity === undefined || entity.offset !== 0) return undefined;
  const [name = '', bot] = text.slice(1, entity.length).split('@');
  if (bot !== undefined && bot.toLowerCase() !== me.username.toLowerCase()) return undefined;
  return { name: name.toLowerCase(), addressed: bot !== undefined, end: entity.length };
}

/**
 * Whether an update can matter to us. What people say among themselves in a group where the bot may read everything is
 * neither stored nor looked at, save albums: the command may be in the caption of any part, or in an answer to one of them.
 */
export function concerns(update: Update, me: UserFromGetMe): boolean {
  if (update.callback_query !== undefined) return true;
  const message = update.message;
  if (message === undefined || message.from?.id === me.id) return false;
  if (message.migrate_to_chat_id !== undefined || message.migrate_from_chat_id !== undefined) return true;
  // A channel's posts that Telegram copies into its discussion group by itself: nobody wrote them there.
  if (message.is_automatic_forward) return false;
  if (message.from?.is_bot && !isAnonymous(message)) return false;
  if (message.chat.type === 'private') return true;
  return (
    commandOf(message, me) !== undefined ||
    message.reply_to_message?.from?.id === me.id ||
    // The command may be the caption of another part of the album.
    message.media_group_id !== undefined
  );
}
