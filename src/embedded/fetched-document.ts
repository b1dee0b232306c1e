// A stored document as a query finds it, decoded when somebody looks inside: most that are sent to a client never are.
import type { Document } from './bson/types.ts';
import { decode } from './codec.ts';
import type { StoredDocument } from './records.ts';

export class FetchedDocument implements StoredDocument {
  readonly record: number;
  readonly bytes: Buffer;
  #document: Document | undefined;

  constructor(record: number, bytes: Buffer) {
    this.record = record;
    this.bytes = bytes;
  }

  get document(): Document {
    this.#document ??= decode(this.bytes);
    return this.#document;
  }
}
