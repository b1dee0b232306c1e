/** Small reads at any place of a ByteSource, without ever holding more of it than was asked for. */
import type { ByteSource } from '../core/media.ts';

/** The bytes from `start` up to `length` of them; fewer at the end of the source. */
export async function readBytes(source: ByteSource, start: number, length: number): Promise<Buffer> {
  const end = Math.min(source.bytes, start + length);
  if (start >= end) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of source.read({ start, end })) chunks.push(chunk as Buffer);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
