/**
 * Bytes, piece by piece. A piece is good until the next one is asked for: its memory is used again, so a file of any size costs
 * the memory of one piece. Else each piece is garbage at once, and V8 looks for that only after 64 MB of it (Node 24 and later).
 */
export type Pieces = AsyncIterable<Buffer>;

/** The same, each piece in memory of its own: for who takes more than one at a time, as a stream that reads ahead. */
export async function* copied(pieces: Pieces): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}
