/** A wall in memory with faults on command, and blobs in memory: for tests of what stands above them. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobStore } from '../../src/core/media.ts';
import type { Wall, WallEntry } from '../../src/core/wall.ts';

export interface MemoryWall extends Wall {
  readonly entries: WallEntry[];
  /** The next `add` fails, before or after the entry is there. */
  failNext(when: 'before' | 'after'): void;
}

export function createMemoryWall(): MemoryWall {
  const entries: WallEntry[] = [];
  let fault: 'before' | 'after' | undefined;
  return {
    entries,
    failNext: (when) => {
      fault = when;
    },
    async add(entry) {
      const now = fault;
      fault = undefined;
      if (now === 'before') throw new Error('connection lost before the write');
      entries.push(entry);
      if (now === 'after') throw new Error('connection lost after the write');
    },
    findByDelivery: async (delivery, part) =>
      entries.find(
        (each) => each.delivery === delivery && (part === undefined || each.part?.number === part),
      ),
    newest: async (limit) => entries.slice(-limit).reverse(),
    async remove(id) {
      const index = entries.findIndex((each) => each.id === id);
      if (index >= 0) entries.splice(index, 1);
    },
    async removeBefore(instant, limit) {
      const old = entries.filter(({ at }) => at < instant).slice(0, limit);
      for (const entry of old) entries.splice(entries.indexOf(entry), 1);
      return old.length;
    },
    withMedium: async (workspaceId, sha256) =>
      entries.find(
        (each) => each.workspaceId === workspaceId && each.media.some((medium) => medium.sha256 === sha256),
      ),
  };
}

export interface MemoryBlobs extends BlobStore {
  readonly contents: Map<string, Buffer>;
}

export function createMemoryBlobs(): MemoryBlobs {
  const contents = new Map<string, Buffer>();
  async function* pieces(sha256: string, range?: { start: number; end: number }): AsyncGenerator<Buffer> {
    yield (contents.get(sha256) ?? Buffer.alloc(0)).subarray(range?.start, range?.end);
  }
  return {
    contents,
    stage: () => Promise.reject(new Error('the tests of publishers stage nothing')),
    async write(stream) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
      const bytes = Buffer.concat(chunks);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      contents.set(sha256, bytes);
      return { sha256, bytes: bytes.length };
    },
    read: (sha256, range) => Readable.from(pieces(sha256, range)),
    pieces,
    has: async (sha256) => contents.has(sha256),
    remove: async (sha256) => void contents.delete(sha256),
  };
}
