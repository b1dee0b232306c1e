/**
 * The way by which core tells outcomes in Telegram.
 *
 * Telegram has no key by which it would know the repetition of a message, so `nonce` cannot be honoured: when the
 * connection breaks after a notice left, one must choose between telling it twice and perhaps not at all. Notices are
 * told at least once. An outcome that nobody hears of costs a person a look at five networks; one that is told twice says
 * the same words about the same post id, and the card that was placed last is the one that is kept up to date.
 */
import type { ChatGateway } from '../../core/chat.ts';
import { CarillonError, failure } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import type { Conversation, Identity, MessageReference } from '../../core/words.ts';
import { userIdOf } from './conversation.ts';
import { FRONTEND } from './limits.ts';
import type { Messenger } from './messenger.ts';

/** `messenger` answers undefined while the front-end is not running. */
export function createGateway(messenger: () => Messenger | undefined): ChatGateway {
  const running = (): Messenger => {
    const found = messenger();
    if (found !== undefined) return found;
    throw failure('PlatformUnavailable', {
      code: 'CHAT_UNAVAILABLE',
      message: 'The Telegram front-end is not running.',
      hint: 'It is tried again by itself.',
    });
  };
  return {
    frontend: FRONTEND,

    async send(to, reply, _nonce) {
      const { send } = running();
      const here = (): Promise<MessageReference> =>
        send(to.conversation, reply, to.replyTo === undefined ? {} : { replyTo: Number(to.replyTo) });
      const direct = directOf(to.conversation, to.person);
      if (direct === undefined) return here();
      // A personal notice is for the private chat; the group hears it only where the person cannot be reached.
      if (reply.personal) return ifUnreachable(send(direct, reply), here);
      // Put out of the group: the person who asked is told in private, if they ever spoke to us there.
      return ifUnreachable(here(), () => send(direct, elsewhere(reply, to.conversation)));
    },

    async edit(message, reply) {
      await running().edit(message, reply);
    },
  };
}

/** The other way when the first one is dead; when both are, the error of the first. */
async function ifUnreachable(
  first: Promise<MessageReference>,
  other: () => Promise<MessageReference>,
): Promise<MessageReference> {
  try {
    return await first;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return other().catch((second: unknown) => {
      throw isUnreachable(second) ? error : second;
    });
  }
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof CarillonError && error.code === 'CHAT_UNREACHABLE';

function directOf(conversation: Conversation, person: Identity): Conversation | undefined {
  const user = userIdOf(person);
  if (conversation.kind === 'direct' || user === undefined) return undefined;
  // A private chat has the id of its user (https://core.telegram.org/bots/api#chat).
  return { frontend: FRONTEND, id: String(user), kind: 'direct' };
}

function elsewhere(reply: Reply, conversation: Conversation): Reply {
  const where = conversation.title === undefined ? 'the group' : `“${conversation.title}”`;
  return {
    ...reply,
    blocks: [...reply.blocks, { kind: 'text', line: [`I can no longer write in ${where}.`] }],
  };
}
