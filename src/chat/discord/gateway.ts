/**
 * The way of outcomes: messages by bot token. An interaction's token dies after 15 minutes and could not tell what
 * becomes of a post tomorrow. The nonce makes a repeated send one message at Discord's side.
 */
import { createHash } from 'node:crypto';
import { type APIMessage, type RESTPostAPIChannelMessageJSONBody, Routes } from 'discord.js';
import type { ChatGateway } from '../../core/chat.ts';
import type { Logger } from '../../core/log.ts';
import type { Reply } from '../../core/reply.ts';
import type { Conversation, MessageReference } from '../../core/words.ts';
import type { DirectChannels } from './direct-channels.ts';
import { chatError, facts, isUnreachable } from './errors.ts';
import { FRONTEND, userIdOf } from './place.ts';
import { render } from './render.ts';
import type { DiscordRest } from './rest.ts';

/** https://docs.discord.com/developers/resources/message#create-message */
const NONCE_MAX = 25;

interface Sending {
  conversation: Conversation;
  replyTo?: string;
  reply: Reply;
  nonce: string;
  notes: readonly string[];
}

export function createGateway({
  rest,
  directs,
  log,
}: {
  rest: DiscordRest;
  directs: DirectChannels;
  log: Logger;
}): ChatGateway {
  async function post({ conversation, replyTo, reply, nonce, notes }: Sending): Promise<MessageReference> {
    const body: RESTPostAPIChannelMessageJSONBody = {
      ...render(reply, notes),
      nonce: shortNonce(nonce),
      enforce_nonce: true,
      // The message that asked may be deleted meanwhile; the outcome is told nevertheless.
      ...(replyTo === undefined
        ? {}
        : { message_reference: { message_id: replyTo, fail_if_not_exists: false } }),
    };
    const message = (await rest.bot().post(Routes.channelMessages(conversation.id), { body })) as APIMessage;
    return { conversation, messageId: message.id };
  }

  async function sendDirect(
    userId: string,
    reply: Reply,
    nonce: string,
    notes: readonly string[],
  ): Promise<MessageReference> {
    try {
      const conversation = await directs.conversation(userId);
      return await post({ conversation, reply, nonce, notes });
    } catch (error) {
      throw chatError(error, `of the direct messages with ${userId}`);
    }
  }

  return {
    frontend: FRONTEND,

    async send({ conversation, person, replyTo }, reply, nonce) {
      const userId = userIdOf(person);
      if (reply.personal && conversation.kind === 'group') return sendDirect(userId, reply, nonce, []);
      try {
        return await post({
          conversation,
          reply,
          nonce,
          notes: [],
          ...(replyTo === undefined ? {} : { replyTo }),
        });
      } catch (error) {
        if (conversation.kind === 'direct' || !isUnreachable(error)) throw chatError(error, conversation.id);
        log.warn(
          { channel: conversation.id, ...facts(error) },
          'Discord channel refuses the bot; telling the person directly',
        );
        const where = conversation.title ?? 'that channel';
        return sendDirect(userId, reply, nonce, [
          `I may not write in ${where}, so this comes to you directly.`,
        ]);
      }
    },

    async edit({ conversation, messageId }, reply) {
      try {
        await rest.bot().patch(Routes.channelMessage(conversation.id, messageId), { body: render(reply) });
      } catch (error) {
        throw chatError(error, conversation.id);
      }
    },
  };
}

/** A nonce of any length as one that Discord takes; equal nonces stay equal. */
function shortNonce(nonce: string): string {
  if (nonce.length <= NONCE_MAX) return nonce;
  return createHash('sha256').update(nonce).digest('base64url').slice(0, NONCE_MAX);
}
