/**
 * Writes and rewrites messages. What Telegram tells by an error and can be mended on the spot is mended here: a group
 * that moved, a topic that is gone, a personal message that is not possible, an edit that changes nothing.
 */
import { type Api, GrammyError } from 'grammy';
import type { ForceReply, Message } from 'grammy/types';
import type { Clock } from '../../core/clock.ts';
import { CarillonError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { Conversation, MessageReference } from '../../core/words.ts';
import { conversationOf } from './conversation.ts';
import { isBadRequest, isNotModified, migratedTo, translate } from './faults.ts';
import { renderReply } from './render.ts';

export interface SendOptions {
  /** The message that is answered; when it is gone, the answer comes all the same. */
  readonly replyTo?: number;
  /** Seen by this user only, where Telegram can. */
  readonly onlyFor?: { readonly user: number; readonly callbackQuery?: string };
  /** Opens the person's keyboard for an answer; takes the place of buttons. */
  readonly forceReply?: ForceReply;
}

export interface Messenger {
  /** Errors: CHAT_UNREACHABLE, CHAT_UNAVAILABLE, TOKEN_REFUSED. Whether a message of a failed call arrived is unknown. */
  send(conversation: Conversation, reply: Reply, options?: SendOptions): Promise<MessageReference>;
  /** Success also when the message stood like this already. Errors as for `send`. */
  edit(message: MessageReference, reply: Reply): Promise<void>;
  /** Takes the buttons away from a message that has been replaced by a newer one. */
  removeButtons(message: MessageReference): Promise<void>;
}

interface MessengerParts {
  readonly api: Api;
  readonly clock: Clock;
  /** A group became a supergroup with a new id. */
  renamed(oldId: string, newId: string): Promise<void>;
}

/** The person's words hold links; a preview of one would dwarf the card. */
const NO_PREVIEW = { is_disabled: true } as const;

export function createMessenger({ api, clock, renamed }: MessengerParts): Messenger {
  const post = (conversation: Conversation, reply: Reply, options: SendOptions): Promise<Message> => {
    const { html, keyboard } = renderReply(reply);
    const markup = options.forceReply ?? keyboard;
    return api.sendMessage(Number(conversation.id), html, {
      parse_mode: 'HTML',
      link_preview_options: NO_PREVIEW,
      ...(conversation.topic === undefined ? {} : { message_thread_id: Number(conversation.topic) }),
      ...(options.replyTo === undefined
        ? {}
        : { reply_parameters: { message_id: options.replyTo, allow_sending_without_reply: true } }),
      ...(markup === undefined ? {} : { reply_markup: markup }),
      ...(options.onlyFor === undefined
        ? {}
        : {
            ephemeral_message_parameters: {
              receiver_user_id: options.onlyFor.user,
              ...(options.onlyFor.callbackQuery === undefined
                ? {}
                : { callback_query_id: options.onlyFor.callbackQuery }),
            },
          }),
    });
  };

  const send = async (
    conversation: Conversation,
    reply: Reply,
    options: SendOptions = {},
  ): Promise<MessageReference> => {
    try {
      const sent = await post(conversation, reply, options);
      return { conversation: conversationOf(sent), messageId: String(sent.message_id) };
    } catch (error) {
      const newId = migratedTo(error);
      if (newId !== undefined) {
        await renamed(conversation.id, String(newId));
        // The new group has none of the old one's messages to answer to, and no topics yet.
        return send(moved(conversation, newId), reply, withoutReplyTo(options));
      }
      if (isBadRequest(error) && options.onlyFor !== undefined) {
        // Not every chat and not every Bot API server can do personal messages; then the group sees the answer.
        const { onlyFor: _dropped, ...rest } = options;
        return send(conversation, reply, rest);
      }
      if (isBadRequest(error) && conversation.topic !== undefined) {
        // A topic that was closed or deleted. The outcome belongs to the people of the chat, so it goes there.
        const { topic: _dropped, ...chat } = conversation;
        return send(chat, reply, options);
      }
      throw translate(error, clock.now());
    }
  };

  const rewriting = async (message: MessageReference, call: () => Promise<unknown>): Promise<void> => {
    try {
      await call();
    } catch (error) {
      if (isNotModified(error)) return;
      const newId = migratedTo(error);
      // The message stayed behind in the old group, where nothing can be changed any more: the route is dead.
      if (newId !== undefined) await renamed(message.conversation.id, String(newId));
      throw translate(error, clock.now());
    }
  };

  return {
    send,
    edit(message, reply) {
      return rewriting(message, () => {
        const { html, keyboard } = renderReply(reply);
        return api.editMessageText(Number(message.conversation.id), Number(message.messageId), html, {
          parse_mode: 'HTML',
          link_preview_options: NO_PREVIEW,
          ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
        });
      });
    },
    removeButtons(message) {
      return rewriting(message, () =>
        api.editMessageReplyMarkup(Number(message.conversation.id), Number(message.messageId)),
      );
    },
  };
}

function moved(conversation: Conversation, newId: number): Conversation {
  const { topic: _dropped, ...rest } = conversation;
  return { ...rest, id: String(newId) };
}

function withoutReplyTo(options: SendOptions): SendOptions {
  const { replyTo: _dropped, ...rest } = options;
  return rest;
}

/** Whether trying the same call again a little later can help. */
export function isTransient(error: unknown): boolean {
  return error instanceof CarillonError
    ? error.code === 'CHAT_UNAVAILABLE'
    : error instanceof GrammyError && error.error_code >= 500;
}
