/**
 * Finds what was lost: wake-ups that never came, standings that a crash left behind, alarms that are missing, notices
 * that were never asked for. Everything here is safe to do at any time, by any number of processes.
 */
import type { AlarmClock } from '../alarm-clock.ts';
import { after, type Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { PostStore } from '../stores.ts';
import type { Post } from '../words.ts';

/** Posts looked at in one sweep; what is left comes next time, oldest first. */
const POSTS_PER_SWEEP = 200;
/** Of a post that no person has changed since it was made. */
const FIRST_REVISION = 1;

export interface SweepPorts {
  readonly posts: PostStore;
  readonly alarms: AlarmClock;
  /** Makes the deliveries of a post that a crash left without some of them. */
  completePlan(post: Post): Promise<void>;
  /** Lets deliveries follow a post that was moved, where a crash kept them from it. */
  finishMove(post: Post): Promise<void>;
  changed(post: { workspaceId: string; postId: string }): void;
  wakeDispatcher(): void;
  wakeNotifier(): void;
  /** How far ahead alarms are checked: those of later posts are checked by a later sweep. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export async function sweep(ports: SweepPorts): Promise<void> {
  ports.wakeDispatcher();
  ports.wakeNotifier();
  const now = ports.clock.now();
  const open = await ports.posts.openDueBefore(after(now, 2 * ports.intervalMs), POSTS_PER_SWEEP);
  for (const post of open) {
    // Untouched since it was made or changed: the process may have died between the post and its deliveries.
    const mayLack = post.rollUps === 0 || post.revision > FIRST_REVISION;
    if (post.standing === 'waiting' && mayLack) await ports.completePlan(post);
    else if (post.dueAt > now) await ports.alarms.set(post.id, post.dueAt, PRIORITY[post.priority]);
    if (post.revision > FIRST_REVISION) await ports.finishMove(post);
    // A post whose deliveries ended just before a crash still stands as open: its standing and its notice follow now.
    if (post.dueAt <= now) ports.changed({ workspaceId: post.workspaceId, postId: post.id });
  }
}

/** Priorities as numbers, the larger the more urgent; shared with Agenda's. */
export const PRIORITY = { low: 0, normal: 1, high: 2 } as const;
