/** The hash under which content is stored. */
import { createHash } from 'node:crypto';

/** SHA-256 of all chunks, in hexadecimal. */
export async function hashOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
