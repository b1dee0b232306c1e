/**
 * From the arrival of updates to the work on them. Every update that concerns us is on disk before Telegram is told that
 * it arrived, so neither a restart nor a crash loses one; an update that comes twice is known by its id.
 *
 * What was in somebody's hands during a crash is done again on the next start. The desk makes one post of one message,
 * however often it sees it, and a button acts once; so this can double nothing, and nothing is lost. Only an update that
 * was there each time the process died is left alone, or it would die at every start; then the chat is told.
 */
import type { Update, UserFromGetMe } from 'grammy/types';
import type { ChatInbox } from '../../core/chat-inbox.ts';
import { after, type Clock, DAY, HOUR } from '../../core/clock.ts';
import type { Logger } from '../../core/log.ts';
import { createAlbums, type Gathered } from './albums.ts';
import { concerns } from './conversation.ts';
import { Unfinished } from './unfinished.ts';

/** Telegram keeps undelivered updates for 24 hours (https://core.telegram.org/bots/api#getting-updates); their ids are known for longer. */
const KNOWN_FOR_MS = 2 * DAY;
const TIDY_EVERY_MS = 6 * HOUR;

/** Runs of the process that may end in the middle of the same update. */
const TRIES_MAX = 3;

export interface Intake {
  /** Takes up what an earlier run left. */
  recover(): Promise<void>;
  /** Keeps updates and answers those that concern us and that nobody has begun. Rejects when they could not be kept. */
  keep(updates: readonly Update[]): Promise<Update[]>;
  /** Works on an update that was kept, to the end; a part of an album only joins the others that wait. Never rejects. */
  take(update: Update): Promise<void>;
  /** Ends when nothing is in hand. */
  idle(): Promise<void>;
  stop(): void;
}

interface IntakeParts {
  readonly inbox: ChatInbox;
  readonly me: UserFromGetMe;
  readonly clock: Clock;
  readonly log: Logger;
  readonly albumWaitMs: number;
  /**
   * Runs the bot on it, in the order of its chat. `begin` is called when its turn has come; false: leave it. Rejects only
   * when the work was cut short and is to be done again.
   */
  process(gathered: Gathered, begin: () => Promise<boolean>): Promise<void>;
  /** Ends when what was answered so far is stored with the posts that it is about. */
  reported(): Promise<unknown>;
  /** Tells the chat of this update that nothing more is done about it. */
  givenUp(update: Update): Promise<void>;
}

export function createIntake(parts: IntakeParts): Intake {
  const { inbox, me, clock, log } = parts;
  const source = String(me.id);
  const idOf = (update: Update): string => `${source}:${update.update_id}`;
  const inHand = new Set<Promise<void>>();
  const unfinished = new Unfinished();
  /** Kept as begun, so that their work begins without another write. */
  const begunOnArrival = new WeakSet<Update>();
  /** Were to be kept as begun, and the database failed: if they were kept, the inbox hands them out no second time. */
  const unsure = new Set<string>();
  let cancelTidy = (): void => undefined;

  const track = (work: Promise<void>): Promise<void> => {
    const settled = work
      .catch((error: unknown) => log.error({ error }, 'an update could not be worked on'))
      .finally(() => inHand.delete(settled));
    inHand.add(settled);
    return settled;
  };

  const work = async (gathered: Gathered): Promise<void> => {
    const ids = gathered.updates.map(idOf);
    let begun = false;
    await parts.process(gathered, async () => {
      begun = begunOnArrival.has(gathered.updates[0]) || (await inbox.begin(ids));
      return begun;
    });
    for (const update of gathered.updates) unfinished.remove(update);
    // Not after a rejection: that is a stop which could not wait, and the next start takes the update up again.
    if (!begun) return;
    await parts.reported();
    await inbox.finish(ids);
  };

  const giveUp = async (update: Update): Promise<void> => {
    log.error(
      { update: update.update_id },
      'the process ended repeatedly in the middle of this update; it is left alone',
    );
    if (!(await inbox.begin([idOf(update)]))) return;
    await parts.givenUp(update);
    unfinished.remove(update);
    await inbox.finish([idOf(update)]);
  };

  const albums = createAlbums({
    clock,
    waitMs: parts.albumWaitMs,
    handOn: (gathered) => track(work(gathered)),
  });

  const tidy = (): void => {
    void track(inbox.forget(after(clock.now(), -KNOWN_FOR_MS), clock.now()));
    cancelTidy = clock.at(after(clock.now(), TIDY_EVERY_MS), tidy);
  };

  return {
    async recover() {
      const left = (await inbox.reopen(source))
        .map(({ payload, tries }) => ({ update: JSON.parse(payload) as Update, tries }))
        .sort((a, b) => a.update.update_id - b.update.update_id);
      if (left.length > 0) log.info({ updates: left.length }, 'taking up updates of an earlier run');
      for (const { update } of left) unfinished.add(update);
      for (const { update, tries } of left)
        void (tries < TRIES_MAX ? albums.take(update) : track(giveUp(update)));
      tidy();
    },

    async keep(updates) {
      const ours = updates.filter((update) => concerns(update, me));
      if (ours.length === 0) return [];
      const next = unfinished.next(ours);
      const inputs = ours.map((update) => ({
        id: idOf(update),
        payload: JSON.stringify(update),
        begun: next.has(update),
      }));
      let open: ReadonlySet<string>;
      try {
        open = await inbox.keep(inputs, clock.now());
      } catch (error) {
        for (const { id, begun } of inputs) if (begun) unsure.add(id);
        throw error;
      }
      const fresh = ours.filter((update) => open.has(idOf(update)) || unsure.has(idOf(update)));
      for (const update of fresh) {
        unfinished.add(update);
        unsure.delete(idOf(update));
        if (next.has(update)) begunOnArrival.add(update);
      }
      return fresh;
    },

    take: (update) => albums.take(update),

    async idle() {
      while (inHand.size > 0) await Promise.all(inHand);
    },

    stop() {
      albums.stop();
      cancelTidy();
    },
  };
}
