/** What /health says: whether the database answers, when the scheduler last looked, what is overdue, how the chats stand. */
import { after, type Clock, MINUTE, SECOND } from '../core/clock.ts';
import type { Health } from '../web/server.ts';
import type { Database } from './database.ts';
import type { Engine } from './engine.ts';
import type { FrontEnds } from './front-ends.ts';

/** A delivery that is due longer than this and still open is overdue. */
const OVERDUE_AFTER_MS = MINUTE;
/** The scheduler looks at least once a sweep; one sweep may be late. */
const LATE_SWEEPS = 2;
const SLACK_MS = 5 * SECOND;

export function createHealth(parts: {
  database: Database;
  engine: Engine;
  frontEnds: FrontEnds;
  publishes: boolean;
  intervalMs: number;
  clock: Clock;
}): () => Promise<Health> {
  const { database, engine, frontEnds, publishes, intervalMs, clock } = parts;
  return async () => {
    const now = clock.now();
    const chats = Object.fromEntries(frontEnds.all.map((each) => [each.gateway.frontend, each.status()]));
    const overdue = await database.stores.deliveries
      .countOverdue(after(now, -OVERDUE_AFTER_MS))
      .catch(() => undefined);
    // When the figures cannot be had, `database` says why already.
    const storage = await database.storage?.().catch(() => undefined);
    const { lastLook } = engine.dispatcher;
    const ticking =
      !publishes ||
      (lastLook !== undefined && now.getTime() - lastLook.getTime() < LATE_SWEEPS * intervalMs + SLACK_MS);
    const healthy =
      overdue !== undefined && ticking && Object.values(chats).every(({ state }) => state !== 'down');
    return {
      status: healthy ? 'ok' : 'failing',
      // Damage is told, but does not make the whole program failing: whoever restarts it for that mends nothing.
      database: overdue === undefined ? 'unreachable' : storage?.lastCheck?.damage ? 'damaged' : 'ok',
      scheduler: { lastTick: lastLook?.toISOString() ?? null, overdue: overdue ?? null },
      frontends: chats,
      ...(storage ? { storage } : {}),
    };
  };
}
