/** A body put together from texts and files, one after the other; files are read as they are sent. */
import type { Pieces } from '../core/pieces.ts';
import type { HttpBody } from './http.ts';

interface FilePiece {
  /** How many bytes `open` gives. */
  readonly bytes: number;
  open(): Pieces;
}

export function piecesBody(contentType: string, pieces: readonly (Buffer | FilePiece)[]): HttpBody {
  return {
    contentType,
    bytes: pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.bytes), 0),
    open: () => joined(pieces),
  };
}

async function* joined(pieces: readonly (Buffer | FilePiece)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else yield* piece.open();
  }
}
