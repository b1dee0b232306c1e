// Order: a stream put in order in memory, and several ordered streams merged into one.
import type { Document } from './bson/types.ts';
import { MongoError } from './errors.ts';
import type { Collation } from './order.ts';
import { insertInOrder } from './ordered-insert.ts';
import type { DocumentStream } from './plan-streams.ts';
import type { StoredDocument } from './records.ts';
import { compileSort } from './sorter.ts';

/** MongoDB's limit for a sort in memory. https://www.mongodb.com/docs/manual/reference/limits/ */
export const MAX_SORT_BYTES = 100 * 1024 * 1024;
/** With a limit, what cannot be among the first is thrown away whenever this many are held beyond it. */
const SURPLUS = 1_000;

/**
 * The documents of a stream in the order of `sort`. Reads the whole stream at the first `next`.
 * @param needed documents that will be read at most
 * @throws MongoError 292 when more than 100 MB would have to be held
 */
export function sortedStream(
  source: DocumentStream,
  sort: Document,
  collation: Collation | undefined,
  needed: number,
): DocumentStream {
  let sorted: StoredDocument[] | undefined;
  let position = 0;
  const next = () => {
    sorted ??= sortAll(source, sort, collation, needed);
    return sorted[position++];
  };
  return {
    next,
    pass: () => next() !== undefined,
    suspend: () => source.suspend(),
  };
}

interface Keyed {
  key: Buffer;
  stored: StoredDocument;
}

function sortAll(
  source: DocumentStream,
  sort: Document,
  collation: Collation | undefined,
  needed: number,
): StoredDocument[] {
  const compiled = compileSort(sort, collation);
  const held: Keyed[] = [];
  // A collation's bytes serve equality only: there the documents are compared, not their keys.
  const compare = collation
    ? (a: Keyed, b: Keyed) => compiled.compare(a.stored.document, b.stored.document)
    : (a: Keyed, b: Keyed) => Buffer.compare(a.key, b.key);
  const noKey = Buffer.alloc(0);
  let bytes = 0;
  for (let stored = source.next(); stored; stored = source.next()) {
    const entry = { key: collation ? noKey : compiled.keyOf(stored.document), stored };
    held.push(entry);
    bytes += sizeOf(entry);
    if (held.length > needed + SURPLUS || (bytes > MAX_SORT_BYTES && held.length > needed)) {
      held.sort(compare);
      held.length = needed;
      bytes = held.reduce((sum, kept) => sum + sizeOf(kept), 0);
    }
    if (bytes > MAX_SORT_BYTES) {
      throw new MongoError(
        292,
        `Sort exceeded memory limit of ${MAX_SORT_BYTES} bytes, and this database does not sort on disk; add an index or a limit, or set MONGODB_URI`,
      );
    }
  }
  source.suspend();
  held.sort(compare);
  return held.map((entry) => entry.stored);
}

function sizeOf({ key, stored }: Keyed): number {
  return key.length + stored.bytes.length;
}

interface Head extends Keyed {
  stream: DocumentStream;
}

/** Merges streams that are each in the order of `sort`. A document that several give counts once. */
export class MergedStream implements DocumentStream {
  #streams: DocumentStream[];
  #keyOf: (document: Document) => Buffer;
  #seen: Set<number> | undefined;
  #heads: Head[] | undefined;

  constructor(streams: DocumentStream[], sort: Document, seen: Set<number> | undefined) {
    this.#streams = streams;
    this.#keyOf = compileSort(sort).keyOf;
    this.#seen = seen;
  }

  next(): StoredDocument | undefined {
    this.#heads ??= this.#open();
    for (let head = this.#heads[0]; head; head = this.#heads[0]) {
      const { stored } = head;
      this.#heads.shift();
      this.#advance(this.#heads, head.stream);
      if (this.#seen?.has(stored.record)) continue;
      this.#seen?.add(stored.record);
      return stored;
    }
    return undefined;
  }

  pass(): boolean {
    return this.next() !== undefined;
  }

  suspend(): void {
    for (const stream of this.#streams) stream.suspend();
  }

  #open(): Head[] {
    const heads: Head[] = [];
    for (const stream of this.#streams) this.#advance(heads, stream);
    return heads;
  }

  /** Puts a stream's next document in its place among the heads. */
  #advance(heads: Head[], stream: DocumentStream): void {
    const stored = stream.next();
    if (stored) insertInOrder(heads, { key: this.#keyOf(stored.document), stored, stream });
  }
}
