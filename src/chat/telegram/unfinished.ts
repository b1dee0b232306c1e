/** Updates in hand or waiting for their turn, by the chat whose order they keep. */
import type { Update } from 'grammy/types';
import { chatIdOf } from './conversation.ts';

export class Unfinished {
  readonly #chats = new Map<number | undefined, Set<number>>();

  add(update: Update): void {
    const chat = chatIdOf(update);
    const ids = this.#chats.get(chat) ?? new Set();
    this.#chats.set(chat, ids.add(update.update_id));
  }

  remove(update: Update): void {
    const chat = chatIdOf(update);
    const ids = this.#chats.get(chat);
    ids?.delete(update.update_id);
    if (ids?.size === 0) this.#chats.delete(chat);
  }

  /** Those of some new updates whose turn comes at once: nothing of their chat is before them, and they wait for no album. */
  next(updates: readonly Update[]): ReadonlySet<Update> {
    const busy = new Set(this.#chats.keys());
    const found = new Set<Update>();
    for (const update of updates) {
      const chat = chatIdOf(update);
      if (!busy.has(chat) && update.message?.media_group_id === undefined) found.add(update);
      busy.add(chat);
    }
    return found;
  }
}
