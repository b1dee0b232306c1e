// Open cursors: results that did not fit the first batch. Each keeps its place without holding a snapshot, so a
// forgotten cursor costs little memory and no disk; it ends by itself after ten minutes of silence.
import { randomBytes } from 'node:crypto';
import { MongoError } from './errors.ts';
import { MAX_DOCUMENT_BYTES } from './wire.ts';

/** MongoDB's cursorTimeoutMillis. https://www.mongodb.com/docs/manual/reference/parameters/ */
const IDLE_MILLISECONDS = 600_000;
const SWEEP_MILLISECONDS = 60_000;
const MAX_OPEN_CURSORS = 10_000;
/** First batch when the client names no size. https://www.mongodb.com/docs/manual/tutorial/iterate-a-cursor/ */
export const DEFAULT_FIRST_BATCH = 101;
/** Batches end before a reply would exceed a message. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 16 * 1024;
/** MongoDB's BSONObjMaxInternalSize. https://github.com/mongodb/mongo/blob/v7.0/src/mongo/bson/util/builder.h */
const MAX_RESULT_DOCUMENT_BYTES = MAX_DOCUMENT_BYTES + 16 * 1024;

/** A source of result documents, as BSON, that can rest between batches. */
export interface ResultSource {
  next(): Uint8Array | undefined;
  /** Known to have no more, without looking further. */
  readonly finished: boolean;
  /** The time until which reading may go on; without it reading costs nothing. */
  setDeadline?(deadline: number): void;
  /** Lets go of everything tied to this moment's snapshot; `next` goes on from the same place. */
  suspend(): void;
}

export interface OpenCursor {
  id: bigint;
  namespace: string;
  source: ResultSource;
  /** A document that was read but did not fit the last batch. */
  pending: Uint8Array | undefined;
  lastUsed: number;
  /** Sessions may end with endSessions; a cursor without timeout otherwise lives until it is read or killed. */
  session: string | undefined;
  keepsAlive: boolean;
  /** Milliseconds of reading that maxTimeMS leaves for further batches; the pauses of the client do not count. */
  timeLeft: number;
}

export interface Batch {
  documents: Uint8Array[];
  /** Nothing follows. */
  done: boolean;
  /** A document that was read but did not fit. */
  pending: Uint8Array | undefined;
}

export class CursorRegistry {
  #cursors = new Map<bigint, OpenCursor>();
  #sweeper: NodeJS.Timeout;
  timedOut = 0;

  constructor() {
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MILLISECONDS);
    this.#sweeper.unref();
  }

  get open(): number {
    return this.#cursors.size;
  }

  /** Registers a cursor for what follows the first batch. */
  add(
    namespace: string,
    source: ResultSource,
    options: Pick<OpenCursor, 'pending' | 'session' | 'keepsAlive' | 'timeLeft'>,
  ): OpenCursor {
    if (this.#cursors.size >= MAX_OPEN_CURSORS) {
      throw new MongoError(
        146,
        `${MAX_OPEN_CURSORS} cursors are open, which is the most; close or exhaust some`,
      );
    }
    const cursor: OpenCursor = { id: newId(), namespace, source, lastUsed: performance.now(), ...options };
    this.#cursors.set(cursor.id, cursor);
    return cursor;
  }

  /** @throws MongoError 43 when the cursor has ended, or belongs to another collection */
  get(id: bigint, namespace: string): OpenCursor {
    const cursor = this.#cursors.get(id);
    if (!cursor) throw new MongoError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new MongoError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    cursor.lastUsed = performance.now();
    return cursor;
  }

  /** Ends a cursor. @returns whether it was open */
  kill(id: bigint): boolean {
    return this.#cursors.delete(id);
  }

  /** Ends the cursors of a collection whose documents or indexes are going away, or of a whole database ("name."). */
  killNamespace(namespace: string): void {
    for (const cursor of this.#cursors.values()) {
      if (
        cursor.namespace === namespace ||
        (namespace.endsWith('.') && cursor.namespace.startsWith(namespace))
      )
        this.kill(cursor.id);
    }
  }

  killSession(session: string): void {
    for (const cursor of this.#cursors.values()) if (cursor.session === session) this.kill(cursor.id);
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.#cursors.clear();
  }

  #sweep(): void {
    const oldest = performance.now() - IDLE_MILLISECONDS;
    for (const cursor of this.#cursors.values()) {
      if (cursor.keepsAlive || cursor.lastUsed > oldest) continue;
      this.kill(cursor.id);
      this.timedOut += 1;
    }
  }
}

/**
 * Reads a batch.
 * @param size most documents, Infinity for as many as fit
 * @param pending a document left over from the batch before
 * @returns the batch, and the document that was read but did not fit
 * @throws MongoError 10334 for a document that a pipeline made too large for any client
 */
export function readBatch(source: ResultSource, size: number, pending?: Uint8Array): Batch {
  const documents: Uint8Array[] = [];
  let bytes = 0;
  let next = pending;
  while (documents.length < size) {
    next ??= source.next();
    if (!next) return { documents, done: true, pending: undefined };
    if (next.length > MAX_RESULT_DOCUMENT_BYTES) throw documentTooLarge(next.length);
    if (documents.length > 0 && bytes + next.length > MAX_BATCH_BYTES)
      return { documents, done: false, pending: next };
    documents.push(next);
    bytes += next.length;
    next = undefined;
  }
  return { documents, done: source.finished && !next, pending: next };
}

function documentTooLarge(bytes: number): MongoError {
  return new MongoError(
    10334,
    `BSONObj size: ${bytes} (0x${bytes.toString(16)}) is invalid. Size must be between 0 and ${MAX_RESULT_DOCUMENT_BYTES}(16MB)`,
  );
}

function newId(): bigint {
  // 62 random bits: positive, never 0, which means "no cursor".
  return (randomBytes(8).readBigUInt64LE() >> 2n) + 1n;
}
