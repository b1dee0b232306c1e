/**
 * Puts albums together, and texts that were cut (cut-texts.ts). Telegram delivers each picture of an album as an update of
 * its own and never says how many there are (https://core.telegram.org/bots/api#message, `media_group_id`), so an album is
 * taken as complete when nothing more of it has come for a while. The parts are in the inbox meanwhile; here is only the
 * waiting.
 */
import type { Message, Update } from 'grammy/types';
import { after, type Clock, MINUTE } from '../../core/clock.ts';
import { canBeRest, mayBeCut } from './cut-texts.ts';

/** Parts come within a few hundred milliseconds of each other; slower ones are rare, and told. */
export const ALBUM_WAIT_MS = 1000;

/** How long the ids of finished albums are known, so that a straggler is recognised. */
const LATE_MS = 5 * MINUTE;

/** One thing to work on: an update, or all updates of an album or a cut text in the order of their messages. */
export interface Gathered {
  readonly updates: readonly [Update, ...Update[]];
  /** It belongs to an album that has been handed on before. */
  readonly late: boolean;
}

interface Albums {
  /** Hands on at once what is no part of an album, and ends with the work on it; a part of an album only waits. */
  take(update: Update): Promise<void>;
  /** Drops what still waits; the inbox has it. */
  stop(): void;
}

interface Waiting {
  updates: [Update, ...Update[]];
  cancel(): void;
}

export function createAlbums(options: {
  clock: Clock;
  waitMs: number;
  handOn(gathered: Gathered): Promise<void>;
}): Albums {
  const { clock, waitMs, handOn } = options;
  const waiting = new Map<string, Waiting>();
  const finished = new Map<string, Date>();

  const finish = (key: string): void => {
    const now = clock.now();
    for (const [old, at] of finished) if (now.getTime() - at.getTime() > LATE_MS) finished.delete(old);
    finished.set(key, now);
  };

  const close = (key: string): void => {
    const album = waiting.get(key);
    if (album === undefined) return;
    waiting.delete(key);
    if (albumKey(album.updates[0].message) !== undefined) finish(key);
    const [first, ...rest] = album.updates.sort((a, b) => messageId(a) - messageId(b));
    if (first !== undefined) void handOn({ updates: [first, ...rest], late: false });
  };

  const wait = (key: string, update: Update): void => {
    const album = waiting.get(key);
    // Delivered twice while it waits: the inbox hands it out again as long as nobody has begun it.
    if (album?.updates.some((one) => one.update_id === update.update_id)) return;
    album?.cancel();
    waiting.set(key, {
      updates: album ? [...album.updates, update] : [update],
      cancel: clock.at(after(clock.now(), waitMs), () => close(key)),
    });
  };

  return {
    async take(update) {
      const { message } = update;
      const album = albumKey(message);
      if (album !== undefined) {
        if (finished.has(album)) return handOn({ updates: [update], late: true });
        return wait(album, update);
      }
      const text = textKey(message);
      if (message === undefined || text === undefined) return handOn({ updates: [update], late: false });
      // What is no rest of the text that waits is said after it.
      if (!canBeRest(message)) close(text);
      if (!waiting.has(text) && !mayBeCut(message)) return handOn({ updates: [update], late: false });
      wait(text, update);
    },
    stop() {
      for (const album of waiting.values()) album.cancel();
      waiting.clear();
    },
  };
}

const messageId = (update: Update): number => update.message?.message_id ?? 0;

function albumKey(message: Message | undefined): string | undefined {
  return message?.media_group_id === undefined ? undefined : `${message.chat.id}:${message.media_group_id}`;
}

/** Whose text it is, where everything that a person says reaches the bot. */
function textKey(message: Message | undefined): string | undefined {
  if (message?.text === undefined || message.chat.type !== 'private') return undefined;
  return `${message.chat.id}:text`;
}
