// Where the documents of a reply come from. Classes, since one is made for every find: an object literal with an accessor
// costs as much as the lookup of the document.
import type { Document } from './bson/types.ts';
import { encode } from './codec.ts';
import type { ResultSource } from './cursors.ts';
import type { RunningQuery } from './query.ts';

/** A query's documents as they are stored, or projected. */
export class QuerySource implements ResultSource {
  #running: RunningQuery;
  #project: ((document: Document) => Document) | undefined;

  constructor(running: RunningQuery, project?: (document: Document) => Document) {
    this.#running = running;
    this.#project = project;
  }

  next(): Uint8Array | undefined {
    const stored = this.#running.next();
    if (!stored) return undefined;
    return this.#project ? encode(this.#project(stored.document)) : stored.bytes;
  }

  get finished(): boolean {
    return this.#running.finished;
  }

  setDeadline(deadline: number): void {
    this.#running.context.meter.deadline = deadline;
  }

  suspend(): void {
    this.#running.suspend();
  }
}

/** Documents that are there already, such as the results of a pipeline. */
export class ArraySource implements ResultSource {
  #documents: readonly Document[];
  #position = 0;

  constructor(documents: readonly Document[]) {
    this.#documents = documents;
  }

  next(): Uint8Array | undefined {
    const document = this.#documents[this.#position++];
    return document && encode(document);
  }

  get finished(): boolean {
    return this.#position >= this.#documents.length;
  }

  suspend(): void {
    // Nothing is held.
  }
}
