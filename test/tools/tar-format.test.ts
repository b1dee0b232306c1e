import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, paddingOf, readHeader, writeHeader } from '../../src/tools/tar-format.ts';

const NOW = new Date('2026-01-02T03:04:05Z');

describe('a tar header', () => {
  it.each([0, 1, 511, 512, 8_589_934_591, 8_589_934_592, 5_000_000_000_000])(
    'carries a size of %i bytes',
    (bytes) => {
      const block = writeHeader({ name: 'media/ab/cd', bytes }, NOW);
      expect(block).toHaveLength(BLOCK_BYTES);
      expect(readHeader(block)).toEqual({ name: 'media/ab/cd', bytes });
    },
  );

  it('that was changed anywhere is noticed', () => {
    for (let at = 0; at < BLOCK_BYTES; at += 7) {
      // The two characters after the sum's digits carry nothing.
      if (at === 154 || at === 155) continue;
      const block = writeHeader({ name: 'backup.json', bytes: 12 }, NOW);
      block[at] = (block[at] ?? 0) ^ 1;
      expect(readHeader(block), `byte ${at}`).toBeTypeOf('string');
    }
  });

  it('of zeros is the end; of a link is refused', () => {
    expect(readHeader(Buffer.alloc(BLOCK_BYTES))).toBeUndefined();
    expect(() => writeHeader({ name: 'ü', bytes: 0 }, NOW)).toThrow(RangeError);
    expect(() => writeHeader({ name: 'x'.repeat(101), bytes: 0 }, NOW)).toThrow(RangeError);
  });

  it('is followed by whole blocks', () => {
    expect([0, 1, 511, 512, 513].map(paddingOf)).toEqual([0, 511, 1, 0, 511]);
  });
});
