/** Types commands and presses buttons at a desk, as the owner in the local chat. */
import type { Caller, ChatDesk } from '../../src/core/chat.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Conversation } from '../../src/core/words.ts';

export const LOCAL: Conversation = { frontend: 'terminal', id: 'local', kind: 'direct' };

export interface Keyboard {
  /** Types a command: `/post to:x Hello`. */
  type(line: string, caller?: Partial<Caller>): Promise<Reply>;
  press(action: string, answer?: string, caller?: Partial<Caller>): Promise<Reply>;
}

/** Of all keyboards: a message that comes again, with the same id, is not done twice. */
let typed = 0;

/** The desk is asked for each time: after a restart it is another. */
export function createKeyboard(deskNow: () => ChatDesk): Keyboard {
  const caller = (more: Partial<Caller> = {}): Caller => ({
    identity: 'terminal:local',
    name: 'you',
    conversation: LOCAL,
    messageId: `typed-${++typed}`,
    signal: new AbortController().signal,
    ...more,
  });
  const placed = async (desk: ChatDesk, reply: Reply): Promise<Reply> => {
    if (reply.card)
      await desk.cardPlaced(reply.card, { conversation: LOCAL, messageId: `card-${reply.card}` });
    return reply;
  };
  return {
    async type(line, more) {
      const desk = deskNow();
      const [, command = '', text = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
      const input = { kind: 'text', text } as const;
      return placed(desk, await desk.run({ ...caller(more), command, input, media: [] }));
    },
    async press(action, answer, more) {
      const desk = deskNow();
      const pressed = { ...caller(more), action, ...(answer === undefined ? {} : { answer }) };
      return placed(desk, await desk.press(pressed));
    },
  };
}
