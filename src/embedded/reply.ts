// Replies as BSON. Stored documents are spliced in as the bytes they are on disk, so nothing is decoded and encoded
// again only to be sent, and every value leaves with the bits it came with.
import { Double, Long } from 'bson';
import type { Document } from './bson/types.ts';
import { isDocument } from './bson/types.ts';
import { encode } from './codec.ts';
import { MongoError } from './errors.ts';

const TYPE_DOCUMENT = 3;
const TYPE_ARRAY = 4;
const EMPTY = encode({});

/** A document that is already BSON. May stand in a reply wherever a document may, at the top or one level below. */
export class RawDocument {
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** An array of documents that are already BSON. */
export class RawDocuments {
  readonly documents: readonly Uint8Array[];
  constructor(documents: readonly Uint8Array[]) {
    this.documents = documents;
  }
}

/** Encodes a reply; `ok: 1` is added at its end unless it says otherwise. */
export function encodeReply(reply: Document): Buffer {
  return encodeWithRaw('ok' in reply ? reply : { ...reply, ok: new Double(1) });
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
  return { cursor: { [batch]: new RawDocuments(documents), id: Long.fromBigInt(id), ns: namespace } };
}

function encodeWithRaw(document: Document): Buffer {
  const parts: Uint8Array[] = [];
  for (const [name, value] of Object.entries(document)) {
    if (value === undefined) continue;
    if (value instanceof RawDocument) parts.push(elementHead(TYPE_DOCUMENT, name), value.bytes);
    else if (value instanceof RawDocuments)
      parts.push(elementHead(TYPE_ARRAY, name), ...arrayParts(value.documents));
    else if (holdsRaw(value)) parts.push(elementHead(TYPE_DOCUMENT, name), encodeWithRaw(value));
    else parts.push(encode({ [name]: value }).subarray(4, -1));
  }
  return wrap(parts);
}

function holdsRaw(value: unknown): value is Document {
  return (
    isDocument(value) &&
    Object.values(value).some((inner) => inner instanceof RawDocument || inner instanceof RawDocuments)
  );
}

function arrayParts(documents: readonly Uint8Array[]): Uint8Array[] {
  if (documents.length === 0) return [EMPTY];
  const parts: Uint8Array[] = [Buffer.alloc(4)];
  let length = 5;
  for (const [index, bytes] of documents.entries()) {
    const head = elementHead(TYPE_DOCUMENT, String(index));
    parts.push(head, bytes);
    length += head.length + bytes.length;
  }
  (parts[0] as Buffer).writeInt32LE(length);
  parts.push(Buffer.alloc(1));
  return parts;
}

function elementHead(type: number, name: string): Buffer {
  const length = Buffer.byteLength(name);
  const head = Buffer.allocUnsafe(length + 2);
  head[0] = type;
  head.write(name, 1);
  head[length + 1] = 0;
  return head;
}

function wrap(parts: readonly Uint8Array[]): Buffer {
  let length = 5;
  for (const part of parts) length += part.length;
  const document = Buffer.allocUnsafe(length);
  document.writeInt32LE(length, 0);
  let position = 4;
  for (const part of parts) {
    document.set(part, position);
    position += part.length;
  }
  document[position] = 0;
  return document;
}
