import { describe, expect, it } from 'vitest';
import type { VideoRule } from '../../src/core/capabilities.ts';
import { checkVideo } from '../../src/core/video-check.ts';
import { describeVideoPlan, planVideo } from '../../src/core/video-plan.ts';
import type { MediaFacts } from '../../src/core/words.ts';
import { NETWORK_RULES } from '../../src/publishers/index.ts';
import { mediaItem } from '../helpers/publishing.ts';

const MB = 1_048_576;
const rule: VideoRule = {
  containers: ['mp4', 'mov'],
  codecs: ['h264', 'hevc'],
  audioCodecs: ['aac'],
  chroma: ['4:2:0'],
  maxBytes: 100 * MB,
  minMs: 3000,
  maxMs: 60_000,
  minWidth: 300,
  maxWidth: 1920,
  maxHeight: 1920,
  shape: { min: 0.5, max: 2 },
  minFramesPerSecond: 23,
  maxFramesPerSecond: 60,
  maxBitRate: 25_000_000,
  fastStart: true,
};
const video = (patch: Partial<MediaFacts> = {}): MediaFacts =>
  mediaItem('video', { fastStart: true, ...patch });

describe('a video that fits, or that nothing can make fit, has no plan', () => {
  it.each([
    ['it fits', {}],
    ['too long', { durationMs: 61_000 }],
    ['too short', { durationMs: 2000 }],
    ['too small, since nothing is enlarged', { width: 200, height: 350 }],
    ['of no known length', { container: 'webm', durationMs: undefined }],
  ])('%s', (_why, patch) => {
    expect(planVideo(video(patch as Partial<MediaFacts>), rule)).toBeUndefined();
  });

  it('so many minutes in so few bytes that nothing would be seen', () => {
    const long = video({ durationMs: 3_600_000, bytes: 2000 * MB });
    expect(planVideo(long, { ...rule, maxMs: 4_000_000 })).toBeUndefined();
  });
});

describe('what is copied without loss', () => {
  it.each([
    ['another box', { container: 'mkv' }, 'copy'],
    ['the index at the end', { fastStart: false }, 'copy'],
    ['another sound', { audioCodec: 'opus' }, 'aac'],
    ['no sound at all', { fastStart: false, audioCodec: undefined }, 'none'],
  ])('%s', (_why, patch, sound) => {
    expect(planVideo(video(patch as Partial<MediaFacts>), rule)).toMatchObject({ picture: 'copy', sound });
  });
});

describe('what is encoded anew', () => {
  const plan = (patch: Partial<MediaFacts>, more: Partial<VideoRule> = {}, fit?: 'crop' | 'pad') => {
    const found = planVideo(video(patch), { ...rule, ...more }, fit);
    if (!found || found.picture === 'copy') throw new Error('it is not encoded anew');
    return { ...found.picture, maxBytes: found.maxBytes };
  };

  it.each([
    ['a codec', { videoCodec: 'prores', chroma: '4:2:2' }, [720, 1280, 'keep']],
    ['too large', { width: 3840, height: 2160 }, [1920, 1080, 'keep']],
    ['odd numbers of pixels', { width: 721, height: 1281, videoCodec: 'vp9' }, [720, 1280, 'keep']],
    ['too wide: margins', { width: 1920, height: 800 }, [1920, 960, 'pad']],
    ['too tall: margins', { width: 600, height: 1800 }, [900, 1800, 'pad']],
  ])('%s', (_why, patch, [width, height, shape]) => {
    expect(plan(patch)).toMatchObject({ width, height, shape });
  });

  it('is cropped where the person chose that', () => {
    expect(plan({ width: 1920, height: 800 }, {}, 'crop')).toMatchObject({
      width: 1600,
      height: 800,
      shape: 'crop',
    });
    expect(
      plan({ width: 1920, height: 1080 }, { shape: { min: 0.5525, max: 0.5725 } }, 'crop'),
    ).toMatchObject({
      height: 1080,
      shape: 'crop',
    });
  });

  it('keeps the frame rate where it may, and takes the bound that is broken otherwise', () => {
    expect(plan({ videoCodec: 'vp9' }).framesPerSecond).toBeUndefined();
    expect(plan({ framesPerSecond: 120 }).framesPerSecond).toBe(60);
    expect(plan({ framesPerSecond: 12 }).framesPerSecond).toBe(30);
    expect(plan({ framesPerSecond: 12 }, { maxFramesPerSecond: 24 }).framesPerSecond).toBe(24);
  });

  it('stays below the bound of bytes and of bits per second, with room for the sound and the index', () => {
    const heavy = plan({ bytes: 500 * MB, durationMs: 60_000, bitRate: 70_000_000 });
    expect(((heavy.maxBitRate + 128_000) * 60) / 8).toBeLessThan(100 * MB * 0.95);
    expect(heavy.maxBytes).toBeLessThanOrEqual(100 * MB);
    expect(plan({ bitRate: 30_000_000 }, { maxBitRate: 2_000_000 }).maxBitRate).toBeLessThan(1_800_000);
  });

  it('is told in words', () => {
    const wide = video({ width: 1920, height: 800, framesPerSecond: 120, audioCodec: 'opus' });
    expect(describeVideoPlan(planVideo(wide, rule)!)).toBe(
      'to 1920 × 960 with margins, 60 frames per second, H.264 of at most 10 megabits per second, AAC',
    );
    expect(describeVideoPlan(planVideo(video({ fastStart: false }), rule)!)).toBe(
      'the pictures as they are, packed anew as MP4, the sound as it is',
    );
  });
});

it('what a plan makes keeps the rule of the network, for each network and format', () => {
  const rules = NETWORK_RULES.flatMap(({ capabilities }) => [
    capabilities.media.video?.rule,
    ...Object.values(capabilities.formats?.rules ?? {}).map(({ media }) => media.video?.rule),
  ]).filter((each) => each !== undefined);
  expect(rules.length).toBeGreaterThan(7);
  for (const each of rules)
    for (const [width, height] of [
      [3840, 2160],
      [1080, 1920],
      [1001, 999],
      [4000, 500],
    ] as const)
      for (const fit of ['crop', 'pad'] as const) {
        const found = video({
          width,
          height,
          videoCodec: 'mpeg2',
          audioCodec: 'mp3',
          container: 'avi',
          framesPerSecond: 100,
        });
        const plan = planVideo(found, each, fit);
        if (plan?.picture === 'copy' || !plan) continue;
        const { framesPerSecond = 100 } = plan.picture;
        const made = {
          ...found,
          ...plan.picture,
          framesPerSecond,
          container: 'mp4',
          videoCodec: 'h264',
          audioCodec: 'aac',
          fastStart: true,
        };
        expect(checkVideo(made, each)).toEqual([]);
        expect([plan.picture.width % 2, plan.picture.height % 2]).toEqual([0, 0]);
        expect(plan.picture.width).toBeLessThanOrEqual(1920);
      }
});
