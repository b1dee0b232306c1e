/** What is sent costs the memory of a piece, not of the file. Measured in a process that does nothing else; what takes it lives here. */
import { expect, it } from 'vitest';
import type { MediaItem } from '../../src/core/words.ts';
import { MB } from '../bench/figures.ts';
import type { Network } from '../bench/publishers/network.ts';
import { measureRises, storeFile } from '../bench/publishers/rise.ts';
import { mediaItem } from '../helpers/publishing.ts';

const RISE_MAX = 64 * MB;
/** Twice the bound: kept in memory, it goes past it. */
const VIDEO_BYTES = 2 * RISE_MAX;

const large = (kind: 'image' | 'video', bytes: number, shape: Partial<MediaItem> = {}): MediaItem => ({
  ...mediaItem(kind, shape),
  bytes,
});
/** Too wide for a reel, so that Facebook gets it as a video. */
const WIDE = large('video', VIDEO_BYTES, { width: 1280, height: 720 });
const TALL = large('video', VIDEO_BYTES, { fastStart: true });
const PICTURES = Array.from({ length: 5 }, () => large('image', 20 * MB));

const SENDINGS: readonly [string, Network, readonly MediaItem[]][] = [
  ['a video to Facebook', 'facebook', [WIDE]],
  ['a reel to Facebook', 'facebook', [TALL]],
  ['a reel to Instagram', 'instagram', [TALL]],
  ['a video to Pinterest', 'pinterest', [TALL]],
  ['five pictures in one call to Pinterest', 'pinterest', PICTURES],
  ['a video to Tumblr', 'tumblr', [TALL]],
  ['a video to X', 'x', [TALL]],
];

it('is less than 64 MB, whatever is sent', async () => {
  const file = await storeFile(VIDEO_BYTES);
  try {
    const reports = await measureRises(
      file,
      SENDINGS.map(([, network, media]) => ({ network, media })),
    );
    expect(reports).toHaveLength(SENDINGS.length);
    for (const [index, { rise }] of reports.entries())
      expect(rise, SENDINGS[index]?.[0]).toBeLessThan(RISE_MAX);
  } finally {
    await file.remove();
  }
});
