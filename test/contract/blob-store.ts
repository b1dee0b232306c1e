/** What every BlobStore must do; run for each implementation. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobStore } from '../../src/core/media.ts';
import { copied, type Pieces } from '../../src/core/pieces.ts';

export interface BlobStoreSetting {
  readonly store: BlobStore;
  /** Opens the same place once more, as a second process or the next start would. */
  reopen(): Promise<BlobStore>;
  /** How many copies of content there are in all, and how many uploads lie aside. */
  count(): Promise<{ stored: number; aside: number }>;
  stop(): Promise<void>;
}

const never = new AbortController().signal;
/** A signal for each write, as in production. */
const limitsFor = () => ({ maxBytes: 5_000_000, signal: new AbortController().signal });

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** In pieces of uneven size, as they come from a network. */
function stream(bytes: Buffer, piece = 70_001): Readable {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) pieces.push(bytes.subarray(at, at + piece));
  return Readable.from(pieces);
}

/** Each piece is copied before the next one is asked for: it is good until then. */
async function joined(pieces: Pieces): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const piece of copied(pieces)) copies.push(piece);
  return Buffer.concat(copies);
}

export function blobStoreContract(name: string, open: () => Promise<BlobStoreSetting>): void {
  describe(`blob store: ${name}`, () => {
    let setting: BlobStoreSetting;
    let store: BlobStore;
    beforeAll(async () => {
      setting = await open();
      store = setting.store;
    });
    afterAll(() => setting.stop());

    const stored = async (): Promise<number> => (await setting.count()).stored;
    const aside = async (): Promise<number> => (await setting.count()).aside;

    it('gives back what was written, under the hash of its content', async () => {
      for (const size of [0, 1, 261_120, 261_121, 1_000_000]) {
        const bytes = randomBytes(size);
        expect(await store.write(stream(bytes), limitsFor())).toEqual({ sha256: hashOf(bytes), bytes: size });
        expect(await store.has(hashOf(bytes))).toBe(true);
        expect((await buffer(store.read(hashOf(bytes)))).equals(bytes)).toBe(true);
        expect((await joined(store.pieces(hashOf(bytes)))).equals(bytes)).toBe(true);
      }
    });

    it('gives parts: the start included, the end excluded', async () => {
      const bytes = randomBytes(600_000);
      const { sha256 } = await store.write(stream(bytes), limitsFor());
      const ranges = [
        [0, 1],
        [0, 600_000],
        [261_119, 261_122],
        [599_999, 600_000],
        [300_000, 300_000],
        [599_000, 999_999],
        [700_000, 800_000],
      ] as const;
      for (const [start, end] of ranges) {
        const part = bytes.subarray(start, end);
        expect((await buffer(store.read(sha256, { start, end }))).equals(part), `${start}-${end}`).toBe(true);
        expect((await joined(store.pieces(sha256, { start, end }))).equals(part), `${start}-${end}`).toBe(
          true,
        );
      }
    });

    it('keeps one copy of the same content', async () => {
      const bytes = randomBytes(300_000);
      await store.write(stream(bytes), limitsFor());
      const before = await stored();
      await store.write(stream(bytes, 999), limitsFor());
      expect(await stored()).toBe(before);
    });

    it('keeps one copy when many write the same at once, from two openings', async () => {
      const other = await setting.reopen();
      const bytes = randomBytes(300_000);
      const before = await stored();
      const written = await Promise.all(
        Array.from({ length: 12 }, (_, at) => (at % 2 ? store : other).write(stream(bytes), limitsFor())),
      );
      expect(new Set(written.map(({ sha256 }) => sha256))).toEqual(new Set([hashOf(bytes)]));
      expect(await setting.count()).toEqual({ stored: before + 1, aside: 0 });
      expect((await buffer(store.read(hashOf(bytes)))).equals(bytes)).toBe(true);
    });

    it('refuses too much and leaves nothing', async () => {
      const before = await setting.count();
      const limits = { maxBytes: 100_000, signal: never };
      await expect(store.write(stream(randomBytes(100_001)), limits)).rejects.toMatchObject({
        code: 'MEDIA_TOO_LARGE',
      });
      await expect(store.write(endless(), limits)).rejects.toMatchObject({ code: 'MEDIA_TOO_LARGE' });
      expect(await stored()).toBe(before.stored);
      const exact = randomBytes(100_000);
      await expect(store.write(stream(exact), limits)).resolves.toMatchObject({ bytes: 100_000 });
    });

    it('a stream that fails leaves nothing and its error comes through', async () => {
      const before = await stored();
      const fault = new Error('the line went dead');
      const failing = Readable.from(
        (async function* () {
          yield randomBytes(300_000);
          throw fault;
        })(),
      );
      await expect(store.write(failing, limitsFor())).rejects.toBe(fault);
      expect(await stored()).toBe(before);
    });

    it('an abort leaves nothing and its reason comes through', async () => {
      const before = await stored();
      const control = new AbortController();
      const reason = new Error('shutting down');
      const source = endless(() => control.abort(reason));
      await expect(store.write(source, { maxBytes: 1e9, signal: control.signal })).rejects.toBe(reason);
      expect(source.destroyed).toBe(true);
      await expect(
        store.write(stream(Buffer.from('x')), { maxBytes: 9, signal: AbortSignal.abort(reason) }),
      ).rejects.toBe(reason);
      expect(await stored()).toBe(before);
    });

    it('a reader that leaves early disturbs nobody', async () => {
      const bytes = randomBytes(600_000);
      const { sha256 } = await store.write(stream(bytes), limitsFor());
      for await (const _chunk of store.read(sha256)) break;
      for await (const _piece of store.pieces(sha256)) break;
      expect((await buffer(store.read(sha256))).length).toBe(600_000);
    });

    it('says MEDIA_MISSING for what is not there, also for names that are no hash', async () => {
      for (const sha256 of ['0'.repeat(64), '../../etc/passwd', '', 'A'.repeat(64)]) {
        expect(await store.has(sha256)).toBe(false);
        await expect(buffer(store.read(sha256))).rejects.toMatchObject({
          code: 'MEDIA_MISSING',
          hint: expect.stringContaining('/edit'),
        });
        await expect(joined(store.pieces(sha256))).rejects.toMatchObject({ code: 'MEDIA_MISSING' });
        await store.remove(sha256);
      }
    });

    it('removes, and can take the same content again', async () => {
      const bytes = randomBytes(300_000);
      const { sha256 } = await store.write(stream(bytes), limitsFor());
      const before = await stored();
      await store.remove(sha256);
      expect(await stored()).toBe(before - 1);
      await expect(buffer(store.read(sha256))).rejects.toMatchObject({ code: 'MEDIA_MISSING' });
      await store.write(stream(bytes), limitsFor());
      expect((await buffer(store.read(sha256))).equals(bytes)).toBe(true);
    });

    describe('staged bytes', () => {
      it('can be read, and are no part of the store before they are kept', async () => {
        const bytes = randomBytes(300_000);
        const before = await stored();
        const staged = await store.stage(stream(bytes), limitsFor());
        expect(staged).toMatchObject({ sha256: hashOf(bytes), bytes: 300_000 });
        expect((await buffer(staged.read())).equals(bytes)).toBe(true);
        expect(await buffer(staged.read({ start: 10, end: 13 }))).toEqual(bytes.subarray(10, 13));
        expect(await store.has(staged.sha256)).toBe(false);
        expect(await setting.count()).toEqual({ stored: before, aside: 1 });
        await staged.keep();
        await staged.keep();
        await staged.discard();
        expect(await setting.count()).toEqual({ stored: before + 1, aside: 0 });
        expect((await buffer(staged.read())).equals(bytes)).toBe(true);
      });

      it('leave nothing when they are discarded', async () => {
        const before = await stored();
        const staged = await store.stage(stream(randomBytes(1000)), limitsFor());
        await staged.discard();
        await staged.discard();
        expect(await setting.count()).toEqual({ stored: before, aside: 0 });
      });

      it('discarded do not take the same stored content with them', async () => {
        const bytes = randomBytes(1000);
        await store.write(stream(bytes), limitsFor());
        const staged = await store.stage(stream(bytes), limitsFor());
        await staged.discard();
        expect((await buffer(store.read(hashOf(bytes)))).equals(bytes)).toBe(true);
      });

      it('of a process that lives are left alone by another start', async () => {
        const staged = await store.stage(stream(randomBytes(1000)), limitsFor());
        await setting.reopen();
        expect(await aside()).toBe(1);
        await staged.keep();
        expect(await store.has(staged.sha256)).toBe(true);
      });
    });
  });
}

/** Bytes without end; `onPiece` is called with each. */
function endless(onPiece: () => void = () => undefined): Readable {
  return new Readable({
    read() {
      onPiece();
      this.push(Buffer.alloc(60_000));
    },
  });
}
