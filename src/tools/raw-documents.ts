/** Documents as bytes, and back to values without losing a type: what is moved must stay what it was, bit by bit. */
import { type Document, deserialize } from 'bson';
import type mongoose from 'mongoose';
import { CollectionDigest } from './digest.ts';

export type Collection = mongoose.mongo.Collection;

/** Wrapped numbers keep their type (an integral double stays one), and nothing is turned into a JavaScript value that is less exact. */
const EXACT = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
  validation: { utf8: false },
} as const;

export interface RawDocument {
  readonly bytes: Uint8Array;
  /** Decoded on demand. */
  readonly document: Document;
}

/** Every document of a collection as it lies there. */
export async function* rawDocuments(
  collection: Collection,
  filter: Document = {},
  projection?: Document,
): AsyncGenerator<RawDocument> {
  const cursor = collection.find(filter, { raw: true, ...(projection ? { projection } : {}) });
  // The driver's types do not say that `raw` gives buffers.
  for await (const bytes of cursor as unknown as AsyncIterable<Uint8Array>) {
    yield {
      bytes,
      get document() {
        return deserialize(bytes, EXACT);
      },
    };
  }
}

export async function digestOf(
  collection: Collection,
  onDocument: (done: number) => void,
): Promise<CollectionDigest> {
  const digest = new CollectionDigest();
  for await (const { bytes } of rawDocuments(collection)) {
    digest.add(bytes);
    onDocument(digest.documents);
  }
  return digest;
}
