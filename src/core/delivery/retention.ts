/**
 * Removes what is over: posts that were finished long ago with all that was kept about them, what the wall showed back then,
 * and the media that nothing needs any more. Each step leaves what the next run finds again, so a crash anywhere is made
 * up for by the next run. Safe to run in several processes at once.
 */
import { after, type Clock, DAY, HOUR } from '../clock.ts';
import { groupBy } from '../collections.ts';
import type { Logger } from '../log.ts';
import type { DeliveryStore, NoticeStore, PostStore } from '../stores.ts';
import type { Wall } from '../wall.ts';
import type { Delivery, Post } from '../words.ts';
import { SETTLED } from './standing.ts';
import { type MediaRetentionPorts, removeUnusedMedia } from './unused-media.ts';

/** How often it runs at most. */
const INTERVAL_MS = HOUR;
/** Posts, wall entries and media that are looked at together, */
const BATCH = 100;
/** and batches of each in one run: 24,000 of each a day, and never long work at a stretch. */
const BATCHES_PER_RUN = 10;

export interface RetentionPorts extends MediaRetentionPorts {
  readonly posts: PostStore;
  readonly deliveries: DeliveryStore;
  readonly notices: NoticeStore;
  readonly wall: Wall;
  /**
   * How long what is finished is kept; one day at least. All that looks back (the same words within a day, allowances,
   * a file that was fetched for a post that is about to be stored) looks back no further than that.
   */
  readonly days: number;
  /** A post does not stand as its deliveries do. */
  changed(post: { workspaceId: string; postId: string }): void;
  /** Ends a run after the batch in hand. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Retention {
  readonly #ports: RetentionPorts;
  #next: Date | undefined;
  #working: Promise<void> | undefined;

  constructor(ports: RetentionPorts) {
    this.#ports = ports;
  }

  /** Runs, unless it did within the hour. Never throws: what failed is tried again in the next run. */
  kick(): void {
    const now = this.#ports.clock.now();
    if (this.#working || (this.#next && now < this.#next)) return;
    this.#next = after(now, INTERVAL_MS);
    this.#working = this.#run(now).finally(() => {
      this.#working = undefined;
    });
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #run(now: Date): Promise<void> {
    const { wall, days, log } = this.#ports;
    const before = after(now, -days * DAY);
    const removed = { posts: 0, deliveries: 0, notices: 0, wall: 0, media: 0, bytes: 0 };
    const count = (more: Partial<typeof removed>): void => {
      for (const [what, number] of Object.entries(more)) removed[what as keyof typeof removed] += number;
    };
    try {
      await this.#inBatches(async () => {
        const gone = await removePosts(this.#ports, before, now);
        count(gone);
        return gone.posts;
      });
      await this.#inBatches(async () => {
        const gone = await wall.removeBefore(before, BATCH);
        count({ wall: gone });
        return gone;
      });
      // Last, since what was just removed needed some of them.
      await this.#inBatches(async () => {
        const { looked, ...gone } = await removeUnusedMedia(this.#ports, { before, now, limit: BATCH });
        count(gone);
        return looked;
      });
    } catch (error) {
      log.error({ err: error }, 'what is over could not be removed; the next run will');
    }
    log[removed.posts + removed.wall + removed.media > 0 ? 'info' : 'debug'](
      removed,
      'removed what is over for longer than RETENTION_DAYS',
    );
  }

  /** Batch after batch until one was not full. */
  async #inBatches(batch: () => Promise<number>): Promise<void> {
    for (let made = 0; made < BATCHES_PER_RUN && !this.#ports.signal.aborted; made += 1)
      if ((await batch()) < BATCH) return;
  }
}

/** One batch of posts. What belongs to a post goes before it: as long as there is anything, the post leads to it. */
async function removePosts(
  { posts, deliveries, notices, changed }: RetentionPorts,
  before: Date,
  now: Date,
): Promise<{ posts: number; deliveries: number; notices: number }> {
  const finished = await posts.finishedBefore(before, BATCH);
  if (finished.length === 0) return { posts: 0, deliveries: 0, notices: 0 };
  const deliveriesOf = groupBy(await deliveries.ofManyPosts(finished.map(({ id }) => id)), postOf);
  const isSettled = ({ id }: Post): boolean =>
    (deliveriesOf.get(id) ?? []).every((each) => SETTLED.has(each.state));
  for (const post of finished) {
    // A cancelled post is the truth for its deliveries, and the dispatcher ends them.
    if (post.standing === 'done' && !isSettled(post))
      changed({ workspaceId: post.workspaceId, postId: post.id });
  }
  const ids = finished.filter(isSettled).map(({ id }) => id);
  const gone = {
    deliveries: await deliveries.removeSettled(ids, before, now),
    notices: await notices.removeOfPosts(ids),
  };
  // A person may have taken one meanwhile, to remove it from its network: its post stays with it.
  const left = new Set((await deliveries.ofManyPosts(ids)).map(postOf));
  const bare = ids.filter((id) => !left.has(id));
  return { ...gone, posts: await posts.removeFinished(bare, before) };
}

const postOf = ({ postId }: Delivery): string => postId;
