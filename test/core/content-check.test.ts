import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/core/capabilities.ts';
import { checkContent } from '../../src/core/content-check.ts';
import type { Content } from '../../src/core/publisher.ts';
import { composeText } from '../../src/core/sent-text.ts';
import { content, mediaItem } from '../helpers/publishing.ts';

const image = {
  formats: ['image/jpeg'],
  maxBytes: 5_000_000,
  minWidth: 4,
  maxWidth: 4096,
  maxHeight: 4096,
} as const;
const gif = { maxBytes: 15_000_000, maxWidth: 1280, maxHeight: 1080, maxFrames: 350 };
const video = {
  containers: ['mp4'],
  codecs: ['h264'],
  maxBytes: 512_000_000,
  minMs: 500,
  maxMs: 140_000,
} as const;

function network(patch: Partial<Capabilities> = {}): Capabilities {
  return {
    text: { limit: 10, unit: 'characters', count: (text) => text.length, alone: true },
    link: 'card',
    media: {
      required: false,
      maxItems: 4,
      mixed: false,
      image: { max: 4, rule: image },
      gif: { max: 1, rule: gif },
      video: { max: 1, rule: video },
    },
    altText: { limit: 5 },
    firstComment: false,
    needsPublicAddress: false,
    removable: true,
    concurrency: 1,
    ...patch,
  };
}

const codes = (capabilities: Capabilities, what: Content) =>
  checkContent(capabilities, what).map((each) => each.code);
const images = (count: number) =>
  Array.from({ length: count }, (_, index) => mediaItem('image', { name: `${index}.jpg` }));

describe('checkContent', () => {
  it('lets good content pass', () => {
    expect(checkContent(network(), content({ text: '1234567890' }))).toEqual([]);
    expect(checkContent(network(), content({}, images(4)))).toEqual([]);
    expect(checkContent(network(), content({ link: 'https://example.com' }))).toEqual([]);
  });

  it('tells the length that was found and the length that is allowed', () => {
    expect(checkContent(network(), content({ text: '12345678901' }))).toEqual([
      {
        code: 'TEXT_TOO_LONG',
        field: 'text',
        rule: 'at most 10 characters',
        found: '11',
        hint: 'Shorten it by 1, or give this network its own words with /edit.',
        severity: 'error',
      },
    ]);
  });

  it('counts the text as it is sent, with the link at its end', () => {
    const capabilities = network({ link: 'in text' });
    expect(codes(capabilities, content({ text: '12345', link: 'abcd' }))).toEqual([]);
    expect(codes(capabilities, content({ text: '12345', link: 'abcde' }))).toEqual(['TEXT_TOO_LONG']);
  });

  it('refuses emptiness, but takes a link or media alone', () => {
    expect(codes(network(), content({ text: ' \n ' }))).toEqual(['TEXT_EMPTY']);
    expect(codes(network({ link: 'none' }), content({ link: 'https://example.com' }))).toEqual([
      'TEXT_EMPTY',
      'LINK_DROPPED',
    ]);
  });

  it('asks for media where there is no post without', () => {
    const capabilities = network({ media: { ...network().media, required: true } });
    expect(checkContent(capabilities, content({ text: 'a' }))).toEqual([
      expect.objectContaining({
        code: 'MEDIA_REQUIRED',
        field: 'media',
        rule: 'every post needs a picture or a video',
      }),
    ]);
  });

  it('counts media by kind, and all of them', () => {
    expect(codes(network(), content({}, images(5)))).toEqual(['MEDIA_TOO_MANY']);
    expect(codes(network(), content({}, [mediaItem('video'), mediaItem('video')]))).toEqual([
      'MEDIA_TOO_MANY',
    ]);
    const mixed = network({ media: { ...network().media, mixed: true } });
    expect(codes(mixed, content({}, [...images(4), mediaItem('video')]))).toEqual(['MEDIA_TOO_MANY']);
  });

  it('refuses kinds that do not go together or not at all', () => {
    expect(codes(network(), content({}, [...images(1), mediaItem('video')]))).toEqual(['MEDIA_MIXED']);
    expect(codes(network(), content({}, [...images(1), mediaItem('gif')]))).toEqual(['MEDIA_MIXED']);
    const { video: _video, ...still } = network().media;
    expect(codes(network({ media: still }), content({}, [mediaItem('video')]))).toEqual(['MEDIA_KIND']);
  });

  it('takes a GIF as a picture where GIFs do not move, and says so', () => {
    const { gif: _gif, ...still } = network().media;
    const capabilities = network({ media: still });
    expect(checkContent(capabilities, content({}, [mediaItem('gif'), ...images(1)]))).toEqual([
      expect.objectContaining({ code: 'MEDIA_CHANGED', severity: 'warning' }),
    ]);
  });

  it('measures each file and names it', () => {
    const gif = mediaItem('gif', { bytes: 16_000_000, name: 'bell.gif' });
    expect(checkContent(network(), content({}, [gif]))).toEqual([
      expect.objectContaining({
        code: 'GIF_BYTES',
        severity: 'error',
        found: expect.stringContaining('(bell.gif)'),
      }),
    ]);
    const long = mediaItem('video', { durationMs: 141_000, container: 'mov', name: 'bell.mov' });
    expect(codes(network(), content({}, [long]))).toEqual(['VIDEO_CONTAINER', 'VIDEO_TOO_LONG']);
    expect(codes(network(), content({}, [mediaItem('image', { width: 3 })]))).toEqual(['IMAGE_TOO_NARROW']);
  });

  it('tells of changes that a person would see, and of no others', () => {
    const square = {
      ...network().media,
      image: { max: 4, rule: { ...image, shape: { min: 0.8, max: 1.91 } } },
    };
    const capabilities = network({ media: square });
    const large = mediaItem('image', { width: 8000, height: 8000, bytes: 9_000_000, mime: 'image/png' });
    expect(checkContent(capabilities, content({}, [large]))).toEqual([]);
    const wide = mediaItem('image', { width: 3000, height: 1000, name: 'wide.jpg' });
    expect(checkContent(capabilities, content({}, [wide]))).toEqual([
      expect.objectContaining({
        code: 'MEDIA_CHANGED',
        severity: 'warning',
        found: 'wide.jpg: padded from 3000 × 1000 to 1.91:1 (3000 × 1571)',
        choices: [{ value: 'crop', label: 'Crop instead' }],
      }),
    ]);
    expect(checkContent(capabilities, content({ fit: 'crop' }, [...images(1), wide]))).toEqual([
      expect.objectContaining({
        found:
          'picture 2 (wide.jpg): cropped from 3000 × 1000 to 1.91:1 (1910 × 1000), around what draws the eye',
        choices: [{ value: 'pad', label: 'Margins instead' }],
      }),
    ]);
    const cutOut = mediaItem('image', { mime: 'image/png', alpha: true });
    expect(codes(capabilities, content({}, [cutOut]))).toEqual(['MEDIA_CHANGED']);
  });

  it('counts hashtags and mentions as a reader would', () => {
    const capabilities = network({
      hashtagsMax: 2,
      mentionsMax: 1,
      text: { ...network().text, limit: 1000 },
    });
    const text = '#one #zwei #1 a#b https://a.example/#part me@mail.example @you';
    expect(codes(capabilities, content({ text }))).toEqual([]);
    expect(checkContent(capabilities, content({ text: `${text} #日本 @them` }))).toEqual([
      expect.objectContaining({ code: 'TEXT_TOO_MANY_HASHTAGS', rule: 'at most 2 hashtags', found: '3' }),
      expect.objectContaining({ code: 'TEXT_TOO_MANY_MENTIONS', rule: 'at most 1 mentions', found: '2' }),
    ]);
  });

  it('checks title, board and alt text', () => {
    const capabilities = network({ title: { limit: 3 }, board: { required: true } });
    const what = content({ text: 'a', title: 'long' }, [mediaItem('image', { alt: '123456' })]);
    expect(codes(capabilities, what)).toEqual(['TITLE_TOO_LONG', 'BOARD_REQUIRED', 'ALT_TOO_LONG']);
    expect(codes(capabilities, content({ text: 'a', title: 'abc', board: 'Bells' }))).toEqual([]);
  });

  it('warns of what becomes nothing, after all errors', () => {
    const { altText: _alt, ...without } = network({ link: 'none' });
    const what = content(
      { text: 'see https://example.com', title: 't', link: 'https://example.com', firstComment: 'first' },
      [mediaItem('image', { alt: 'A bell' })],
    );
    const issues = checkContent(without, what);
    expect(issues.map((each) => `${each.severity} ${each.code}`)).toEqual([
      'error TEXT_TOO_LONG',
      'warning TITLE_DROPPED',
      'warning LINK_DROPPED',
      'warning LINK_NOT_CLICKABLE',
      'warning FIRST_COMMENT_DROPPED',
      'warning ALT_DROPPED',
    ]);
  });
});

describe('composeText', () => {
  const inText = network({ link: 'in text' });
  it.each([
    [{ text: 'Hello', link: 'https://a.example' }, 'Hello\nhttps://a.example'],
    [{ text: 'Hello \n', link: 'https://a.example' }, 'Hello\nhttps://a.example'],
    [{ text: '', link: 'https://a.example' }, 'https://a.example'],
    [{ text: 'See https://a.example now', link: 'https://a.example' }, 'See https://a.example now'],
    [{ text: 'Hello' }, 'Hello'],
  ])('%o', (words, sent) => {
    expect(composeText(inText, words)).toBe(sent);
  });

  it('leaves the text alone where the link has a place of its own', () => {
    expect(composeText(network(), { text: 'Hello', link: 'https://a.example' })).toBe('Hello');
  });
});
