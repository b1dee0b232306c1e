/** How tests read a reply as a person does, and people to play. */
import { expect } from 'vitest';
import type { Caller } from '../../src/core/chat.ts';
import { HOUR } from '../../src/core/clock.ts';
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

/** The process dies before its next write of this kind to the deliveries; those after it are another process's. */
export function dieBefore({ stores: { deliveries } }: Stage, name: 'write' | 'insert'): void {
  const { [name]: real } = deliveries;
  Object.assign(deliveries, {
    [name]: async () => {
      Object.assign(deliveries, { [name]: real });
      throw new Error('killed');
    },
  });
}

/** The moment of a post that is planned in one hour: X is at it until `letGo`, and Tumblr waits for its account. */
export async function underWayOnX(
  stage: Stage,
  plan: () => Promise<string>,
): Promise<{ id: string; letGo(): void }> {
  const held = holding();
  stage.x.script.push(held.behaviour);
  const id = await plan();
  const inTwoHours = new Date(stage.clock.now().getTime() + 2 * HOUR);
  await stage.stores.accounts.hold('tumblr1', inTwoHours, 'Slow down.');
  stage.clock.moveTo(new Date(stage.clock.now().getTime() + HOUR));
  await held.begun;
  await expect
    .poll(async () => {
      const found = await stage.stores.deliveries.ofPost(stage.workspaceId, id);
      return found.filter((each) => each.lease !== undefined).map((each) => each.accountId);
    })
    .toEqual(['x1']);
  return { id, letGo: held.letGo };
}
