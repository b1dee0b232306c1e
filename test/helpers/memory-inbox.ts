/** An inbox in memory that outlives the front-end which uses it, as the database outlives a process. */
import type { ChatInbox } from '../../src/core/chat-inbox.ts';

export interface MemoryInbox extends ChatInbox {
  /** The next calls of `keep` fail, as with a database that does not answer, or whose answer is lost after it has kept. */
  failNextKeep(times: number, when?: 'before' | 'after'): void;
}

export function createMemoryInbox(): MemoryInbox {
  const inputs = new Map<
    string,
    { payload: string; state: 'kept' | 'begun' | 'finished'; tries: number; at: Date }
  >();
  const notes = new Map<string, { payload: string; expiresAt: Date }>();
  let failures = 0;
  let failsAfter = false;
  const live = (key: string, now: Date): string | undefined => {
    const note = notes.get(key);
    return note && note.expiresAt > now ? note.payload : undefined;
  };
  return {
    failNextKeep(times, when = 'before') {
      failures = times;
      failsAfter = when === 'after';
    },
    async keep(given, at) {
      const fails = failures > 0;
      if (fails) failures -= 1;
      if (fails && !failsAfter) throw new Error('the database does not answer');
      const fresh = new Set<string>();
      for (const { id, payload, begun = false } of given) {
        const isKnown = inputs.has(id);
        if (!isKnown) inputs.set(id, { payload, state: begun ? 'begun' : 'kept', tries: begun ? 1 : 0, at });
        if (!isKnown || inputs.get(id)?.state === 'kept') fresh.add(id);
      }
      if (fails) throw new Error('the answer of the database was lost');
      return fresh;
    },
    async begin([first = '', ...others]) {
      if (inputs.get(first)?.state !== 'kept') return false;
      for (const id of [first, ...others]) {
        const input = inputs.get(id)!;
        input.state = 'begun';
        input.tries += 1;
      }
      return true;
    },
    async finish(ids) {
      for (const id of ids) Object.assign(inputs.get(id) ?? {}, { state: 'finished', payload: '' });
    },
    async reopen(source) {
      const found = [...inputs].filter(
        ([id, { state }]) => id.startsWith(`${source}:`) && state !== 'finished',
      );
      for (const [, input] of found) input.state = 'kept';
      return found.map(([id, { payload, tries }]) => ({ id, payload, tries }));
    },
    async remember(key, payload, expiresAt) {
      notes.set(key, { payload, expiresAt });
    },
    recall: async (key, now) => live(key, now),
    async take(key, now) {
      const payload = live(key, now);
      if (payload !== undefined) notes.delete(key);
      return payload;
    },
    async forget(keptBefore, now) {
      for (const [id, { state, at }] of inputs)
        if (state === 'finished' && at < keptBefore) inputs.delete(id);
      for (const [key, { expiresAt }] of notes) if (expiresAt <= now) notes.delete(key);
    },
  };
}
