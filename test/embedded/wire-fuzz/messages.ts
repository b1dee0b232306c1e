// Messages as bytes, well-formed: what the tests of the wire send and spoil.
import { encode } from '../../../src/embedded/codec.ts';

export const OP_MSG = 2013;
const HEADER_BYTES = 16;

export interface Sequence {
  name: string;
  documents: Record<string, unknown>[];
}

/** An OP_MSG with a body and, if given, a document sequence. */
export function message(body: Record<string, unknown>, sequence?: Sequence): Buffer {
  const parts: Buffer[] = [Buffer.alloc(4), Buffer.of(0), encode(body)];
  if (sequence) {
    const content = Buffer.concat([Buffer.from(`${sequence.name}\0`), ...sequence.documents.map(encode)]);
    const length = Buffer.alloc(4);
    length.writeInt32LE(content.length + 4);
    parts.push(Buffer.of(1), length, content);
  }
  return framed(OP_MSG, Buffer.concat(parts));
}

/** Any payload behind a header whose length is true. */
export function framed(operation: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(payload.length + HEADER_BYTES, 0);
  header.writeInt32LE(7, 4);
  header.writeInt32LE(operation, 12);
  return Buffer.concat([header, payload]);
}

export const PING = message({ ping: 1, $db: 'admin' });
