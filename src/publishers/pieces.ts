/** A body put together from texts and files, one after the other; files are read as they are sent. */
import { Readable } from 'node:stream';
import type { HttpBody } from './http.ts';

interface FilePiece {
  /** How many bytes `open` gives. */
  readonly bytes: number;
  open(): AsyncIterable<unknown>;
}

export function piecesBody(contentType: string, pieces: readonly (Buffer | FilePiece)[]): HttpBody {
  return {
    contentType,
    bytes: pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.bytes), 0),
    open: () => Readable.from(stream(pieces), { objectMode: false }),
  };
}

async function* stream(pieces: readonly (Buffer | FilePiece)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else for await (const chunk of piece.open()) yield chunk as Buffer;
  }
}
