import { describe, expect, it } from 'vitest';
import type { Content } from '../../src/core/publisher.ts';
import { NETWORK_RULES } from '../../src/publishers/index.ts';
import { validateBy } from '../../src/publishers/network-rules.ts';
import { content, mediaItem } from '../helpers/publishing.ts';

const rulesOf = (network: string) => NETWORK_RULES.find((each) => each.network === network)!;
const issues = (network: string, what: Content) =>
  validateBy(rulesOf(network), what).map((each) => `${each.severity} ${each.code}`);
const images = (count: number) =>
  Array.from({ length: count }, (_, index) => mediaItem('image', { name: `${index}.jpg` }));

describe('X counts by weight', () => {
  const count = rulesOf('x').capabilities.text.count;
  it.each([
    ['a', 1],
    ['日本', 4],
    ['café', 4],
    ['cafe\u0301', 4],
    ['https://example.com/a/very/long/path/that/goes/on?and=on', 23],
    ['example.com', 23],
    ['see https://example.com.', 28],
    ['😀', 2],
    ['👍🏽', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['1️⃣', 2],
    ['🇮🇹', 2],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
    // Newer than the library's list, which counts 5, 5, 8 and 8.
    ['🐦‍🔥', 2],
    ['🙂‍↔️', 2],
    ['🧑‍🧑‍🧒', 2],
    ['👩🏽‍🤝‍👨🏿', 2],
    ['a🐦‍🔥b🐦‍🔥c', 7],
    ['', 0],
  ])('%s is %i', (text, weight) => {
    expect(count(text)).toBe(weight);
  });

  it('draws the line at exactly 280', () => {
    expect(issues('x', content({ text: 'a'.repeat(280) }))).toEqual([]);
    expect(validateBy(rulesOf('x'), content({ text: `${'日'.repeat(140)}a` }))[0]).toMatchObject({
      code: 'TEXT_TOO_LONG',
      rule: 'at most 280 weighted characters (links 23, emoji and CJK 2)',
      found: '281',
    });
  });

  it('counts a link that is given apart as 23 and its line break as 1', () => {
    const link = 'https://example.com/a/very/long/path/that/goes/on?and=on';
    expect(issues('x', content({ text: 'a'.repeat(256), link }))).toEqual([]);
    expect(issues('x', content({ text: 'a'.repeat(257), link }))).toEqual(['error TEXT_TOO_LONG']);
  });
});

describe('rules of each network', () => {
  it('X: four photos or one GIF or one video', () => {
    expect(issues('x', content({}, images(4)))).toEqual([]);
    expect(issues('x', content({}, images(5)))).toEqual(['error MEDIA_TOO_MANY']);
    expect(issues('x', content({}, [mediaItem('gif')]))).toEqual([]);
    expect(issues('x', content({}, [mediaItem('gif'), ...images(1)]))).toEqual(['error MEDIA_MIXED']);
    expect(issues('x', content({}, [mediaItem('video'), mediaItem('video')]))).toEqual([
      'error MEDIA_TOO_MANY',
    ]);
  });

  it('X: one cashtag, no characters that it refuses, GIFs by their pixels, no alt text for videos', () => {
    expect(issues('x', content({ text: 'up: $TSLA $tsla' }))).toEqual([]);
    expect(issues('x', content({ text: 'up: $TSLA $AAPL' }))).toEqual(['error TEXT_TOO_MANY_CASHTAGS']);
    expect(issues('x', content({ text: 'a\uFFFEb' }))).toEqual(['error TEXT_REFUSED_CHARACTERS']);
    expect(issues('x', content({}, [mediaItem('gif', { width: 1280, height: 1080, frames: 300 })]))).toEqual([
      'error GIF_TOO_MANY_PIXELS',
    ]);
    expect(issues('x', content({}, [mediaItem('video', { alt: 'A bell' })]))).toEqual([
      'warning ALT_DROPPED',
    ]);
  });

  it('Instagram: media needed, 2,200 characters, 30 hashtags, 20 mentions, links that cannot be followed', () => {
    const text = (part: string, count: number) =>
      Array.from({ length: count }, (_, index) => `${part}a${index}`).join(' ');
    expect(issues('instagram', content({ text: 'Hello' }))).toEqual(['error MEDIA_REQUIRED']);
    expect(issues('instagram', content({ text: text('#', 30) }, images(1)))).toEqual([]);
    expect(issues('instagram', content({ text: text('#', 31) }, images(1)))).toEqual([
      'error TEXT_TOO_MANY_HASHTAGS',
    ]);
    expect(issues('instagram', content({ text: text('@', 21) }, images(1)))).toEqual([
      'error TEXT_TOO_MANY_MENTIONS',
    ]);
    expect(issues('instagram', content({ text: 'a'.repeat(2201) }, images(1)))).toEqual([
      'error TEXT_TOO_LONG',
    ]);
    expect(issues('instagram', content({ text: 'https://example.com' }, images(1)))).toEqual([
      'warning LINK_NOT_CLICKABLE',
    ]);
  });

  it('Instagram: a carousel is mixed, has ten items, and is cut to the shape of the first', () => {
    expect(
      issues('instagram', content({}, [...images(9), mediaItem('video', { width: 1080, height: 1080 })])),
    ).toEqual([]);
    expect(issues('instagram', content({}, images(11)))).toEqual(['error MEDIA_TOO_MANY']);
    const wide = mediaItem('image', { width: 1080, height: 720 });
    expect(issues('instagram', content({}, [wide, ...images(1)]))).toEqual(['warning CAROUSEL_CROPPED']);
  });

  it('Pinterest: a board, a picture or a video, a title of 100, a description of 800, alt text of 500', () => {
    expect(issues('pinterest', content({ text: 'Pin' }, images(1)))).toEqual(['error BOARD_REQUIRED']);
    const long = content(
      {
        text: 'a'.repeat(801),
        title: 't'.repeat(101),
        board: 'Bells',
        link: `https://example.com/${'a'.repeat(2048)}`,
      },
      [mediaItem('image', { alt: 'a'.repeat(501) })],
    );
    expect(issues('pinterest', long)).toEqual([
      'error TEXT_TOO_LONG',
      'error TITLE_TOO_LONG',
      'error ALT_TOO_LONG',
      'error LINK_TOO_LONG',
    ]);
    expect(issues('pinterest', content({ board: 'Bells' }, images(6)))).toEqual(['error MEDIA_TOO_MANY']);
  });

  it('Tumblr: 900,000 bytes of words, a thousand blocks, 30 pictures, no alt text for videos', () => {
    const sentence = 'Ding dong. '.repeat(5000);
    expect(issues('tumblr', content({ text: sentence }))).toEqual([]);
    expect(issues('tumblr', content({ text: 'é'.repeat(450_001) }))).toEqual(['error TEXT_TOO_LONG']);
    const paragraphs = (count: number) => Array.from({ length: count }, () => 'a').join('\n\n');
    expect(issues('tumblr', content({ text: paragraphs(1000) }))).toEqual([]);
    expect(issues('tumblr', content({ text: paragraphs(1000), title: 'One more' }))).toEqual([
      'error TEXT_TOO_MANY_BLOCKS',
    ]);
    expect(issues('tumblr', content({}, images(30)))).toEqual([]);
    expect(issues('tumblr', content({}, images(31)))).toEqual(['error MEDIA_TOO_MANY']);
    expect(issues('tumblr', content({}, [mediaItem('video', { alt: 'A bell' })]))).toEqual([
      'warning ALT_DROPPED',
    ]);
  });

  it('Facebook: words alone, a link card only without media', () => {
    expect(issues('facebook', content({ text: 'Hello', link: 'https://example.com' }))).toEqual([]);
    expect(issues('facebook', content({ text: 'Hello', link: 'https://example.com' }, images(2)))).toEqual([
      'warning LINK_WITHOUT_CARD',
    ]);
    expect(issues('facebook', content({ text: 'a'.repeat(63_207) }))).toEqual(['error TEXT_TOO_LONG']);
  });

  const video = (patch: Parameters<typeof mediaItem>[1] = {}) =>
    mediaItem('video', { fastStart: true, ...patch });

  it('Facebook: a reel by choice is measured by its own rules', () => {
    const wide = video({ width: 1920, height: 1080, durationMs: 95_000 });
    expect(issues('facebook', content({}, [wide]))).toEqual([]);
    expect(issues('facebook', content({ format: 'feed' }, [video()]))).toEqual([]);
    expect(validateBy(rulesOf('facebook'), content({ format: 'reel' }, [wide]))).toMatchObject([
      {
        code: 'VIDEO_TOO_LONG',
        rule: 'as a reel: at most 1 min 30 s long',
        found: expect.stringContaining('1 min 35 s'),
      },
      {
        code: 'VIDEO_SHAPE',
        rule: 'as a reel: the shape 9:16 (width to height)',
        found: expect.stringContaining('16:9 (1920 × 1080)'),
      },
    ]);
    expect(issues('facebook', content({ format: 'reel' }, images(1)))).toEqual(['error MEDIA_KIND']);
    expect(issues('facebook', content({ format: 'reel', text: 'Words alone' }))).toEqual([
      'error MEDIA_REQUIRED',
    ]);
  });

  it('Instagram: a story is one picture or video of a minute, without words, alt text and comment', () => {
    const story = { format: 'story' } as const;
    expect(issues('instagram', content(story, images(1)))).toEqual([]);
    expect(issues('instagram', content(story, [video()]))).toEqual([]);
    expect(issues('instagram', content(story, images(2)))).toEqual(['error MEDIA_TOO_MANY']);
    expect(
      validateBy(
        rulesOf('instagram'),
        content(story, [video({ durationMs: 61_000, bytes: 101 * 1_048_576 })]),
      ),
    ).toMatchObject([
      { code: 'VIDEO_BYTES', rule: 'as a story: at most 100 MB' },
      { code: 'VIDEO_TOO_LONG', rule: 'as a story: at most 1 min long' },
    ]);
    const said = { ...story, text: 'See https://example.com', firstComment: 'First!' };
    expect(issues('instagram', content(said, [video({ alt: 'A bell' })]))).toEqual([
      'warning TEXT_DROPPED',
      'warning FIRST_COMMENT_DROPPED',
      'warning ALT_DROPPED',
    ]);
  });

  it('Facebook: a story is one picture, or one video as of a reel and of a minute at most', () => {
    const story = { format: 'story' } as const;
    expect(issues('facebook', content(story, images(1)))).toEqual([]);
    expect(issues('facebook', content(story, [video()]))).toEqual([]);
    expect(issues('facebook', content(story))).toEqual(['error MEDIA_REQUIRED']);
    expect(
      validateBy(rulesOf('facebook'), content(story, [video({ durationMs: 61_000, height: 720 })])),
    ).toMatchObject([
      { code: 'VIDEO_TOO_LONG', rule: 'as a story: at most 1 min long' },
      { code: 'VIDEO_TOO_SMALL', rule: 'as a story: at least 540 × 960 pixels' },
      { code: 'VIDEO_SHAPE', rule: 'as a story: the shape 9:16 (width to height)' },
    ]);
    const said = { ...story, text: 'Words', link: 'https://example.com', firstComment: 'First!' };
    expect(issues('facebook', content(said, [video({ alt: 'A bell' })]))).toEqual([
      'warning TEXT_DROPPED',
      'warning LINK_DROPPED',
      'warning FIRST_COMMENT_DROPPED',
      'warning ALT_DROPPED',
    ]);
  });

  it('Instagram: a video in the feed is a reel, and whoever chose the feed is told', () => {
    expect(issues('instagram', content({ format: 'reel' }, [video()]))).toEqual([]);
    expect(issues('instagram', content({ format: 'feed' }, [video()]))).toEqual(['note FEED_VIDEO_IS_REEL']);
    expect(issues('instagram', content({ format: 'reel' }, images(1)))).toEqual(['error MEDIA_KIND']);
  });

  it('where a format is missing: a story is an error, a reel is told, the feed is what there is', () => {
    for (const network of ['x', 'tumblr'])
      expect(
        ['story', 'reel', 'feed'].map((format) =>
          issues(network, content({ text: 'Ding', format: format as 'story' }, images(1))),
        ),
      ).toEqual([['error FORMAT_UNKNOWN'], ['note FORMAT_IGNORED'], []]);
  });

  it('a hundred thousand characters are counted in good time', () => {
    for (const { network } of NETWORK_RULES) {
      // The processor's time: others may be at work on the machine.
      const began = process.cpuUsage();
      validateBy(
        rulesOf(network),
        content({ text: 'Hello 日本 😀 example.com #a @b '.repeat(3500) }, images(1)),
      );
      expect(process.cpuUsage(began).user / 1000).toBeLessThan(1500);
    }
  });
});
