// The sessions that clients have used of late, for $listLocalSessions. They carry no state here: open cursors know theirs.
import { createHash } from 'node:crypto';
import { Binary } from 'bson';
import { type Document, isDocument } from './bson/types.ts';
import { MongoError } from './errors.ts';

/** What hello tells the clients: they begin a new session rather than use one that rested for so long. */
export const SESSION_TIMEOUT_MINUTES = 30;
const TIMEOUT = SESSION_TIMEOUT_MINUTES * 60_000;
/** MongoDB's maxSessions is 1,000,000; drivers keep theirs in pools, so this is ample for one program. */
const MAX_SESSIONS = 100_000;
/** A session belongs to a user by the digest of its name; here there are none, so it is that of no name. */
const NOBODY = new Binary(createHash('sha256').digest());

/** A session that was used so short a while ago keeps its place in the order, which every command would change otherwise. */
const KEEPS_PLACE = 1_000;

interface Session {
  readonly id: Binary;
  /** Milliseconds since 1970. */
  lastUse: number;
  /** When it was put in its place. */
  readonly placed: number;
}

export class SessionRegistry {
  /** In the order of their last use, to a second. */
  readonly #sessions = new Map<string, Session>();

  /** Notes that a command came with this `lsid`; anything that is none is left to the command to judge. */
  use(lsid: unknown, now: number): void {
    const id = idOf(lsid);
    if (!id) return;
    const key = keyOf(id);
    const known = this.#sessions.get(key);
    if (known && now - known.placed < KEEPS_PLACE) {
      known.lastUse = now;
      return;
    }
    this.#sessions.delete(key);
    this.#removeExpired(now);
    if (this.#sessions.size >= MAX_SESSIONS)
      throw new MongoError(261, `cannot add session into the cache: ${MAX_SESSIONS} are in use`);
    this.#sessions.set(key, { id, lastUse: now, placed: now });
  }

  end(lsid: unknown): void {
    const id = idOf(lsid);
    if (id) this.#sessions.delete(keyOf(id));
  }

  /** As `$listLocalSessions` tells them. */
  list(now: number): Document[] {
    this.#removeExpired(now);
    return [...this.#sessions.values()].map(({ id, lastUse }) => ({
      _id: { id, uid: NOBODY },
      lastUse: new Date(lastUse),
    }));
  }

  #removeExpired(now: number): void {
    for (const [key, { lastUse }] of this.#sessions) {
      if (now - lastUse < TIMEOUT) return;
      this.#sessions.delete(key);
    }
  }
}

function keyOf({ buffer, position }: Binary): string {
  return Buffer.from(buffer.buffer, buffer.byteOffset, position).toString('latin1');
}

function idOf(lsid: unknown): Binary | undefined {
  return isDocument(lsid) && lsid.id instanceof Binary ? lsid.id : undefined;
}
