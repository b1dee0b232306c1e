import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageRule } from '../../src/core/capabilities.ts';
import { planGif, planImage } from '../../src/core/image-plan.ts';
import type { FitPlan } from '../../src/core/media.ts';
import type { PictureFit } from '../../src/core/words.ts';
import { createMediaFitter } from '../../src/media/fit.ts';
import { createMediaProbe } from '../../src/media/probe.ts';
import { animation, memorySource, noise, plain } from './samples.ts';

const jpegOnly: ImageRule = {
  formats: ['image/jpeg'],
  maxBytes: 1_000_000,
  minWidth: 32,
  maxWidth: 200,
  maxHeight: 250,
  shape: { min: 4 / 5, max: 1.91 },
};
const anyFormat: ImageRule = {
  formats: ['image/jpeg', 'image/png', 'image/webp'],
  maxBytes: 1_000_000,
  minWidth: 8,
  maxWidth: 1000,
  maxHeight: 1000,
};

/** Probes, plans, fits, and proves that the facts told are those of the bytes and that nothing is left to do. */
async function fitted(bytes: Buffer, rule: ImageRule, fit?: PictureFit) {
  const source = memorySource(bytes);
  const facts = await createMediaProbe().probe(source);
  const verdict = planImage(facts, rule, fit);
  if (!('plan' in verdict)) throw new Error(`no plan: ${JSON.stringify(verdict)}`);
  const result = await createMediaFitter().fit(source, facts, verdict.plan, rule);
  expect(await createMediaProbe().probe(memorySource(result.data))).toEqual(result.facts);
  expect(planImage(result.facts, rule)).toEqual({ fits: true });
  return result;
}

/** Colour of one pixel as [red, green, blue(, opacity)]. */
async function pixel(bytes: Buffer, left: number, top: number): Promise<number[]> {
  return [...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())];
}

function near(found: number[], expected: number[], by = 6): void {
  for (const [at, value] of expected.entries()) {
    expect(Math.abs((found[at] ?? -999) - value), `${found} is not ${expected}`).toBeLessThanOrEqual(by);
  }
}

describe('size and format', () => {
  it('goes down and becomes JPEG', async () => {
    const { facts, data } = await fitted(await plain(400, 300, '#3366cc').png().toBuffer(), jpegOnly);
    expect(facts).toMatchObject({ mime: 'image/jpeg', width: 200, height: 150 });
    near(await pixel(data, 100, 75), [0x33, 0x66, 0xcc]);
  });

  it('transparent parts become white in a JPEG', async () => {
    const { data } = await fitted(await plain(100, 100, '#00000000', 4).png().toBuffer(), jpegOnly);
    near(await pixel(data, 50, 50), [255, 255, 255]);
  });

  it('transparent parts stay where the format keeps them', async () => {
    const { facts, data } = await fitted(await plain(2000, 100, '#ff000080', 4).png().toBuffer(), anyFormat);
    expect(facts).toMatchObject({ mime: 'image/png', width: 1000, height: 50, alpha: true });
    near(await pixel(data, 500, 25), [255, 0, 0, 128]);
  });

  it.each(['avif', 'tiff', 'gif'] as const)('%s becomes JPEG', async (format) => {
    const { data } = await fitted(await plain(60, 60, '#20c020').toFormat(format).toBuffer(), anyFormat);
    near(await pixel(data, 30, 30), [0x20, 0xc0, 0x20]);
  });
});

describe('turning', () => {
  it('is done to the pixels', async () => {
    // Red left, blue right, marked "turn by a quarter": seen, red is above blue.
    const left = await plain(50, 100, '#ff0000').png().toBuffer();
    const bytes = await plain(100, 100, '#0000ff')
      .composite([{ input: left, left: 0, top: 0 }])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { data } = await fitted(bytes, anyFormat);
    near(await pixel(data, 50, 10), [254, 0, 0]);
    near(await pixel(data, 50, 90), [0, 0, 254]);
    expect((await sharp(data).metadata()).orientation).toBeUndefined();
  });
});

describe('hidden data', () => {
  it('is gone: camera, place, names, profile', async () => {
    const bytes = await plain(60, 60)
      .jpeg()
      .withExif({
        IFD0: { Copyright: 'Somebody', Make: 'Camera' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '45/1 27/1 0/1' },
      })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">home</x:xmpmeta>')
      .toBuffer();
    expect(bytes.includes('Somebody')).toBe(true);
    const { data } = await fitted(bytes, anyFormat);
    const { exif, xmp, iptc, icc } = await sharp(data).metadata();
    expect({ exif, xmp, iptc, icc }).toEqual({});
    for (const secret of ['Somebody', 'Camera', 'Exif', 'xmpmeta'])
      expect(data.includes(secret), secret).toBe(false);
  });
});

describe('colours', () => {
  it('come out in sRGB whatever profile went in', async () => {
    const bytes = await plain(60, 60, '#ff0000')
      .jpeg()
      .withIccProfile('p3')
      .withExif({ IFD0: { Make: 'Camera' } })
      .toBuffer();
    const { data } = await fitted(bytes, anyFormat);
    const metadata = await sharp(data).metadata();
    expect(metadata).toMatchObject({ space: 'srgb', hasProfile: false });
    near(await pixel(data, 30, 30), [254, 0, 0]);
  });

  it('come out in sRGB from CMYK', async () => {
    const { data } = await fitted(
      await plain(60, 60, '#808080').toColourspace('cmyk').jpeg().toBuffer(),
      anyFormat,
    );
    expect(await sharp(data).metadata()).toMatchObject({ space: 'srgb' });
    near(await pixel(data, 30, 30), [118, 118, 118], 12);
  });
});

describe('margins', () => {
  it('show the picture blurred and darker, the whole picture in the middle', async () => {
    const { facts, data } = await fitted(await plain(60, 180, '#c08040').png().toBuffer(), jpegOnly);
    expect(facts).toMatchObject({ width: 144, height: 180 });
    near(await pixel(data, 72, 90), [0xc0, 0x80, 0x40]);
    near(await pixel(data, 5, 90), [0xc0 * 0.75, 0x80 * 0.75, 0x40 * 0.75], 14);
    near(await pixel(data, 44, 5), [0xc0, 0x80, 0x40], 12);
    near(await pixel(data, 100, 175), [0xc0, 0x80, 0x40], 12);
  });

  it('above and below', async () => {
    const { facts, data } = await fitted(await plain(190, 50, '#4080c0').png().toBuffer(), jpegOnly);
    expect(facts).toMatchObject({ width: 190, height: 100 });
    near(await pixel(data, 95, 50), [0x40, 0x80, 0xc0]);
    near(await pixel(data, 95, 3), [0x30, 0x60, 0x90], 14);
  });

  it('are white around what is transparent', async () => {
    const { data } = await fitted(await plain(60, 180, '#ff000000', 4).png().toBuffer(), jpegOnly);
    near(await pixel(data, 5, 90), [255, 255, 255]);
    near(await pixel(data, 72, 90), [255, 255, 255]);
  });

  it('around a turned picture', async () => {
    const bytes = await plain(180, 60, '#c08040').jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect((await fitted(bytes, jpegOnly)).facts).toMatchObject({ width: 144, height: 180 });
  });
});

describe('cropping', () => {
  /** A grey wall with a red door at one end. */
  const wall = async (width: number, height: number, left: number, top: number): Promise<Buffer> =>
    plain(width, height, '#808080')
      .composite([{ input: await plain(40, 40, '#e02010').png().toBuffer(), left, top }])
      .png()
      .toBuffer();

  it.each([
    ['at the left', 400, 100, 10, 30],
    ['at the right', 400, 100, 350, 30],
    ['at the top', 80, 400, 20, 10],
    ['at the bottom', 80, 400, 20, 350],
  ] as const)('keeps what draws the eye %s', async (_where, width, height, left, top) => {
    const { data, facts } = await fitted(await wall(width, height, left, top), jpegOnly, 'crop');
    expect(facts.width / facts.height).toBeGreaterThanOrEqual(0.8);
    expect(facts.width / facts.height).toBeLessThanOrEqual(1.91);
    const { channels } = await sharp(data).stats();
    expect((channels[0]?.max ?? 0) - (channels[2]?.min ?? 255)).toBeGreaterThan(150);
  });

  it('cuts a turned picture as it is seen, and makes transparent parts white', async () => {
    const turned = await plain(180, 60, '#c08040').jpeg().withMetadata({ orientation: 6 }).toBuffer();
    expect((await fitted(turned, jpegOnly, 'crop')).facts).toMatchObject({ width: 60, height: 75 });
    const { data } = await fitted(await plain(60, 180, '#00000000', 4).png().toBuffer(), jpegOnly, 'crop');
    near(await pixel(data, 30, 30), [255, 255, 255]);
  });
});

describe('weight', () => {
  it('takes the best quality that is light enough', async () => {
    const bytes = await noise(300, 300).jpeg({ quality: 100 }).toBuffer();
    const rule = { ...anyFormat, maxBytes: 60_000 };
    const { data, facts } = await fitted(bytes, rule);
    expect(facts).toMatchObject({ mime: 'image/jpeg', width: 300, height: 300 });
    expect(data.length).toBeLessThanOrEqual(60_000);
    expect(data.length).toBeGreaterThan(45_000);
  });

  it('makes the picture smaller when no quality is enough', async () => {
    const { data, facts } = await fitted(await noise(300, 300).jpeg().toBuffer(), {
      ...anyFormat,
      maxBytes: 10_000,
    });
    expect(data.length).toBeLessThanOrEqual(10_000);
    expect(facts.width).toBeLessThan(300);
    expect(facts.width).toBe(facts.height);
  });

  it('keeps the margins’ shape while it gets smaller', async () => {
    const { facts } = await fitted(await noise(60, 240).jpeg().toBuffer(), { ...jpegOnly, maxBytes: 5000 });
    expect(facts.width / facts.height).toBeGreaterThanOrEqual(0.8);
  });

  it('a transparent PNG loses colours before size', async () => {
    const bytes = await noise(100, 100).ensureAlpha(0.5).png().toBuffer();
    const { facts } = await fitted(bytes, { ...anyFormat, formats: ['image/png'], maxBytes: 15_000 });
    expect(facts).toMatchObject({ mime: 'image/png', alpha: true, width: 100 });
  });

  it('gives up in words when the least width is still too heavy', async () => {
    const bytes = await noise(100, 100).jpeg().toBuffer();
    await expect(fitted(bytes, { ...anyFormat, minWidth: 90, maxBytes: 1000 })).rejects.toMatchObject({
      code: 'MEDIA_TOO_LARGE',
    });
  });
});

describe('animations', () => {
  const rule: ImageRule = {
    formats: ['image/gif'],
    maxBytes: 1_000_000,
    minWidth: 1,
    maxWidth: 32,
    maxHeight: 32,
  };
  const gifRule = { maxBytes: 1_000_000, maxWidth: 32, maxHeight: 32, maxFrames: 10 };

  it.each(['gif', 'webp'] as const)('keep every frame and its time: %s', async (format) => {
    const bytes = await animation(64, 48, 3)
      .toFormat(format, { delay: [100, 200, 300] })
      .toBuffer();
    const source = memorySource(bytes);
    const facts = await createMediaProbe().probe(source);
    const verdict = planGif(facts, gifRule);
    const { data, facts: after } = await createMediaFitter().fit(
      source,
      facts,
      (verdict as { plan: FitPlan }).plan,
      rule,
    );
    expect(after).toEqual({
      kind: 'gif',
      mime: 'image/gif',
      bytes: data.length,
      width: 32,
      height: 24,
      frames: 3,
      durationMs: 600,
    });
    expect(await createMediaProbe().probe(memorySource(data))).toMatchObject(after);
  });

  it('become a still picture where a network takes none', async () => {
    const { facts } = await fitted(await animation(64, 48, 3).gif().toBuffer(), anyFormat);
    expect(facts).toMatchObject({ kind: 'image', mime: 'image/jpeg', width: 64, height: 48 });
  });
});

it('the same picture and plan give the same bytes', async () => {
  const bytes = await noise(300, 300).png().toBuffer();
  const [one, other] = await Promise.all([fitted(bytes, jpegOnly), fitted(bytes, jpegOnly)]);
  expect(one.data.equals(other.data)).toBe(true);
});
