/** How tests read a reply as a person does, and people to play. */
import type { Caller } from '../../src/core/chat.ts';
import type { Reply } from '../../src/core/reply.ts';
import type { Conversation, Person, Role } from '../../src/core/words.ts';
import { accept, type Behaviour } from '../helpers/played-network.ts';
import type { Stage } from '../helpers/stage.ts';

/** The words on the buttons, row by row. */
export const labelsOf = (reply: Reply): string[][] =>
  (reply.buttons ?? []).map((row) => row.map((button) => button.label));

/** The first line: what a person sees of a notification. */
export const titleIn = (reply: Reply): string =>
  (reply.title ?? []).map((part) => (typeof part === 'string' ? part : part.text)).join('');

export const GROUP: Conversation = { frontend: 'chat', id: '-100', kind: 'group' };
export const direct = (id: number): Conversation => ({ frontend: 'chat', id: String(id), kind: 'direct' });

export const caller = (id: number, name: string, conversation: Conversation = GROUP): Partial<Caller> => ({
  identity: `chat:${id}`,
  name,
  conversation,
});

/** Somebody of the team, in the group that belongs to it. */
export async function member(stage: Stage, id: number, name: string, role: Role): Promise<Partial<Caller>> {
  const person: Person = {
    identity: `chat:${id}`,
    name,
    role,
    workspaceId: stage.workspaceId,
    addedAt: stage.clock.now(),
  };
  await stage.stores.people.put(person);
  await stage.stores.workspaces.attachConversation(stage.workspaceId, 'chat:-100');
  return caller(id, name);
}

/** A network that takes its time: `begun` resolves when it was asked, and it goes on when it is let. */
export function holding(): { behaviour: Behaviour; begun: Promise<void>; letGo(): void } {
  let begin: () => void = () => undefined;
  let letGo: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return {
    begun,
    letGo: () => letGo(),
    behaviour: async (context, create) => {
      begin();
      // A test that fails leaves the gate shut: the end of its stage opens it.
      await Promise.race([gate, new Promise((resolve) => context.signal.addEventListener('abort', resolve))]);
      return accept(context, create);
    },
  };
}
