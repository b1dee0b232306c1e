// Replies as BSON. Stored documents go in as the bytes they are on disk, so nothing is decoded and encoded again only to be
// sent, and every value leaves with the bits it came with.
import { Double, Long } from 'bson';
import { RawDocument } from './bson/raw-document.ts';
import type { Document } from './bson/types.ts';
import { encode } from './codec.ts';
import { MongoError } from './errors.ts';

const OK = new Double(1);

/** Encodes a reply; `ok: 1` is added at its end unless it says otherwise. */
export function encodeReply(reply: Document): Buffer {
  // Set rather than spread: a copy of the reply costs as much as a short reply's encoding.
  if (!('ok' in reply)) reply.ok = OK;
  return encode(reply);
}

/** The reply of a failed command. */
export function encodeError(error: unknown): Buffer {
  return encode(errorFields(error));
}

/** MongoDB's fields of a failed command. An error that is not ours to expect is told as code 1 with its message. */
export function errorFields(error: unknown): Document {
  if (!(error instanceof MongoError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: new Double(0), errmsg: message, code: 1, codeName: 'InternalError' };
  }
  const fields: Document = {
    ok: new Double(0),
    errmsg: error.message,
    code: error.code,
    codeName: error.codeName,
  };
  if (error.keyPattern) fields.keyPattern = error.keyPattern;
  if (error.keyValue) fields.keyValue = error.keyValue;
  return fields;
}

/** A cursor as `find`, `aggregate` and the list commands return it. `id` 0 says that nothing follows. */
export function cursorReply(
  namespace: string,
  id: bigint,
  documents: readonly Uint8Array[],
  batch: 'firstBatch' | 'nextBatch' = 'firstBatch',
): Document {
  const raw = documents.map((bytes) => new RawDocument(bytes));
  return { cursor: { [batch]: raw, id: id === 0n ? Long.ZERO : Long.fromBigInt(id), ns: namespace } };
}
