/** Chats that are played by the test: they keep what they were told, and fail when the test says so. */
import type { ChatGateway } from '../../src/core/chat.ts';
import type { Reply } from '../../src/core/reply.ts';

export interface Told {
  readonly kind: 'send' | 'edit';
  readonly reply: Reply;
  readonly nonce?: string;
}

/** `told` grows with what they are told; each of `faults` takes the place of one telling. */
export function playedChats(
  frontends: readonly string[],
  told: Told[],
  faults: Error[],
): readonly ChatGateway[] {
  let messages = 0;
  const fail = (): void => {
    const fault = faults.shift();
    if (fault) throw fault;
  };
  return frontends.map((frontend) => ({
    frontend,
    async send({ conversation }, reply, nonce) {
      fail();
      told.push({ kind: 'send', reply, nonce });
      return { conversation, messageId: `m${++messages}` };
    },
    async edit(_message, reply) {
      fail();
      told.push({ kind: 'edit', reply });
    },
  }));
}
