import { describe, expect, it } from 'vitest';
import type { VideoRule } from '../../src/core/capabilities.ts';
import { planMedium } from '../../src/core/media-plan.ts';
import { MEGABYTE } from '../../src/core/quantities.ts';
import { checkVideo } from '../../src/core/video-check.ts';
import type { MediaFacts } from '../../src/core/words.ts';

const rule: VideoRule = {
  containers: ['mp4', 'mov'],
  codecs: ['h264', 'hevc'],
  audioCodecs: ['aac'],
  chroma: ['4:2:0'],
  maxBytes: 512 * MEGABYTE,
  minMs: 500,
  maxMs: 140_000,
  minWidth: 32,
  minHeight: 32,
  maxWidth: 1280,
  maxHeight: 1024,
  shape: { min: 1 / 3, max: 3 },
  minFramesPerSecond: 24,
  maxFramesPerSecond: 60,
  maxBitRate: 25_000_000,
  fastStart: true,
};

const good: MediaFacts = {
  kind: 'video',
  mime: 'video/mp4',
  container: 'mp4',
  bytes: 20 * MEGABYTE,
  width: 1280,
  height: 720,
  durationMs: 30_000,
  videoCodec: 'h264',
  audioCodec: 'aac',
  framesPerSecond: 30,
  bitRate: 5_000_000,
  chroma: '4:2:0',
  fastStart: true,
};

it('a video within every rule has no issue', () => expect(checkVideo(good, rule)).toEqual([]));

it('facts that a file does not tell break no rule', () => {
  const { kind, mime, bytes, width, height } = good;
  expect(checkVideo({ kind, mime, bytes, width, height }, rule)).toEqual([]);
});

describe('each rule alone', () => {
  it.each<[Partial<MediaFacts>, string, string, string]>([
    [{ container: 'webm' }, 'VIDEO_CONTAINER', 'a video file of the kind MP4 or MOV', 'WebM'],
    [{ videoCodec: 'vp9' }, 'VIDEO_CODEC', 'a video encoded as H.264 or H.265 (HEVC)', 'VP9'],
    [{ audioCodec: 'opus' }, 'VIDEO_SOUND', 'sound encoded as AAC', 'Opus'],
    [{ chroma: '4:4:4' }, 'VIDEO_CHROMA', 'colours kept as 4:2:0', '4:4:4'],
    [{ bytes: 513 * MEGABYTE }, 'VIDEO_BYTES', 'at most 512 MB', '513 MB'],
    [{ durationMs: 499 }, 'VIDEO_TOO_SHORT', 'at least 0.5 s long', '0.5 s'],
    [{ durationMs: 141_000 }, 'VIDEO_TOO_LONG', 'at most 2 min 20 s long', '2 min 21 s'],
    [{ width: 31, height: 60 }, 'VIDEO_TOO_SMALL', 'at least 32 × 32 pixels', '31 × 60 pixels'],
    [
      { width: 1920, height: 1000 },
      'VIDEO_TOO_BIG',
      'at most 1280 pixels wide, 1024 pixels high',
      '1920 × 1000 pixels',
    ],
    [
      { width: 1280, height: 400 },
      'VIDEO_SHAPE',
      'a shape from 1:3 to 3:1 (width to height)',
      '16:5 (1280 × 400)',
    ],
    [{ framesPerSecond: 15 }, 'VIDEO_FRAME_RATE', 'at least 24 frames per second', '15 frames per second'],
    [{ framesPerSecond: 120 }, 'VIDEO_FRAME_RATE', 'at most 60 frames per second', '120 frames per second'],
    [{ bitRate: 30_000_000 }, 'VIDEO_BIT_RATE', 'at most 25 megabits per second', '30 megabits per second'],
    [
      { fastStart: false },
      'VIDEO_FAST_START',
      'the index at the beginning of the file',
      'the index at its end',
    ],
  ])('%j', (facts, code, words, found) => {
    const issues = checkVideo({ ...good, ...facts }, rule);
    expect(issues).toEqual([
      { code, field: 'media', rule: words, found, hint: expect.stringMatching(/\w.*\.$/), severity: 'error' },
    ]);
  });

  it('at the bound is no issue', () => {
    expect(
      checkVideo({ ...good, bytes: 512 * MEGABYTE, durationMs: 140_000, bitRate: 25_000_000 }, rule),
    ).toEqual([]);
    expect(checkVideo({ ...good, durationMs: 500, width: 1280, height: 1024 }, rule)).toEqual([]);
  });

  it('counts the television rates as the whole ones', () => {
    expect(checkVideo({ ...good, framesPerSecond: 23.976 }, rule)).toEqual([]);
    expect(checkVideo({ ...good, framesPerSecond: 60.002 }, rule)).toEqual([]);
  });
});

it('every broken rule is told, and how to export', () => {
  const issues = checkVideo({ ...good, container: 'avi', videoCodec: 'mpeg4', durationMs: 200_000 }, rule);
  expect(issues.map(({ code }) => code)).toEqual(['VIDEO_CONTAINER', 'VIDEO_CODEC', 'VIDEO_TOO_LONG']);
  expect(issues[0]?.hint).toBe('Export it as MP4 with H.264 video and AAC sound.');
});

describe('planMedium', () => {
  const none = { required: false, maxItems: 4, mixed: false };
  const image = {
    max: 4,
    rule: {
      formats: ['image/jpeg' as const],
      maxBytes: MEGABYTE,
      minWidth: 1,
      maxWidth: 100,
      maxHeight: 100,
    },
  };

  it('says what a network takes instead', () => {
    expect(planMedium(good, { ...none, image })).toMatchObject({
      issues: [{ code: 'MEDIA_KIND', rule: 'only pictures', found: 'a video' }],
    });
    expect(planMedium(good, none)).toMatchObject({ issues: [{ rule: 'no media' }] });
  });

  it('takes an animation as a picture where there are no animations', () => {
    const gif: MediaFacts = { kind: 'gif', mime: 'image/gif', bytes: 10, width: 50, height: 50, frames: 2 };
    expect(planMedium(gif, { ...none, image })).toMatchObject({ plan: { format: 'jpeg' } });
    const rules = {
      ...none,
      image,
      gif: { max: 1, rule: { maxBytes: 100, maxWidth: 100, maxHeight: 100, maxFrames: 2 } },
    };
    expect(planMedium(gif, rules)).toEqual({ fits: true });
  });

  it('checks a video', () => {
    expect(planMedium(good, { ...none, video: { max: 1, rule } })).toEqual({ fits: true });
    expect(planMedium({ ...good, durationMs: 1 }, { ...none, video: { max: 1, rule } })).toMatchObject({
      issues: [{ code: 'VIDEO_TOO_SHORT' }],
    });
  });
});
