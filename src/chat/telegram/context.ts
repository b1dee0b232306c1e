/** What the handlers of one running front-end share. */
import type { Api } from 'grammy';
import type { Message, User, UserFromGetMe } from 'grammy/types';
import type { Caller, ChatDesk } from '../../core/chat.ts';
import type { ChatInbox } from '../../core/chat-inbox.ts';
import type { Clock, Random } from '../../core/clock.ts';
import type { Logger } from '../../core/log.ts';
import type { Conversation } from '../../core/words.ts';
import { identityOf, nameOf } from './conversation.ts';
import type { Files } from './files.ts';
import type { Messenger } from './messenger.ts';

export interface Context {
  readonly api: Api;
  readonly me: UserFromGetMe;
  readonly desk: ChatDesk;
  readonly inbox: ChatInbox;
  readonly messenger: Messenger;
  readonly files: Files;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Places of cards on their way to the database. */
  readonly reports: Set<Promise<void>>;
  /** Aborted when the front-end stops and its patience with work in hand is over. */
  readonly signal: AbortSignal;
}

/** Who asks, as core wants to know it. `progress` shows “typing…” in the chat, which is all that Telegram has for it. */
export function callerOf(
  { api, signal, log }: Context,
  user: User,
  conversation: Conversation,
  message: Pick<Message, 'message_id'> | undefined,
): Caller {
  return {
    identity: identityOf(user),
    name: nameOf(user),
    conversation,
    ...(message === undefined ? {} : { messageId: String(message.message_id) }),
    signal,
    progress() {
      const topic = conversation.topic === undefined ? {} : { message_thread_id: Number(conversation.topic) };
      api.sendChatAction(Number(conversation.id), 'typing', topic).catch((error: unknown) => {
        log.debug(
          { error: error instanceof Error ? error.name : 'unknown' },
          'a sign of progress was not shown',
        );
      });
    },
  };
}
