import { describe, expect, it } from 'vitest';
import type { GifRule, ImageRule } from '../../src/core/capabilities.ts';
import { type ImageVerdict, planGif, planImage } from '../../src/core/image-plan.ts';
import { MEGABYTE } from '../../src/core/quantities.ts';
import type { MediaFacts } from '../../src/core/words.ts';

const instagram: ImageRule = {
  formats: ['image/jpeg'],
  maxBytes: 8 * MEGABYTE,
  minWidth: 320,
  maxWidth: 1440,
  maxHeight: 1800,
  shape: { min: 4 / 5, max: 1.91 },
};
const x: ImageRule = {
  formats: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  maxBytes: 5 * MEGABYTE,
  minWidth: 4,
  maxWidth: 8192,
  maxHeight: 8192,
};
const pinterest: ImageRule = {
  formats: ['image/jpeg', 'image/png'],
  maxBytes: 20 * MEGABYTE,
  minWidth: 100,
  maxWidth: 10_000,
  maxHeight: 10_000,
};
const animations: GifRule = { maxBytes: 15 * MEGABYTE, maxWidth: 1280, maxHeight: 1080, maxFrames: 350 };

function picture(facts: Partial<MediaFacts> = {}): MediaFacts {
  return { kind: 'image', mime: 'image/jpeg', bytes: 500_000, width: 1080, height: 1080, ...facts };
}

function planned(verdict: ImageVerdict) {
  if (!('plan' in verdict)) throw new Error(`no plan: ${JSON.stringify(verdict)}`);
  return verdict;
}

describe('a picture that fits', () => {
  it.each([
    ['square', {}],
    ['at the narrowest shape', { width: 1080, height: 1350 }],
    ['at the widest shape', { width: 1910 / 2, height: 500 }],
    ['at the least width', { width: 320, height: 320 }],
    ['at the greatest size', { width: 1440, height: 1800 }],
    ['at the greatest weight', { bytes: 8 * MEGABYTE }],
  ])('is left alone: %s', (_name, facts) =>
    expect(planImage(picture(facts), instagram)).toEqual({ fits: true }),
  );

  it('keeps its own format where that is taken', () => {
    expect(planImage(picture({ mime: 'image/png', alpha: true }), x)).toEqual({ fits: true });
    expect(planImage(picture({ mime: 'image/gif' }), x)).toEqual({ fits: true });
  });
});

describe('size', () => {
  it('goes down to the bound and keeps its shape', () => {
    expect(planImage(picture({ width: 4000, height: 3000 }), instagram)).toEqual({
      plan: { width: 1440, height: 1080, shape: 'keep', format: 'jpeg', maxBytes: 8 * MEGABYTE },
      changes: ['made smaller: 4000 × 3000 becomes 1440 × 1080'],
    });
  });

  it('never goes up: what is too narrow is told with both numbers', () => {
    expect(planImage(picture({ width: 300, height: 300 }), instagram)).toEqual({
      issue: {
        code: 'IMAGE_TOO_NARROW',
        field: 'media',
        rule: 'at least 320 pixels wide',
        found: '300 × 300 pixels',
        hint: expect.stringContaining('larger'),
        severity: 'error',
      },
    });
  });

  it('that gets too narrow by going down is told too', () => {
    const rule = { ...x, minWidth: 100 };
    expect(planImage(picture({ width: 400, height: 40_000 }), rule)).toMatchObject({
      issue: { code: 'IMAGE_TOO_NARROW' },
    });
  });
});

describe('shape', () => {
  it('gets margins at the sides', () => {
    const { plan, changes } = planned(planImage(picture({ width: 1000, height: 2000 }), instagram));
    expect(plan).toMatchObject({ width: 1440, height: 1800, shape: 'pad' });
    expect(changes).toEqual(['padded from 1000 × 2000 to 4:5 (1440 × 1800)']);
  });

  it('gets margins above and below, without growing the picture', () => {
    const { plan } = planned(planImage(picture({ width: 1200, height: 300 }), instagram));
    expect(plan).toMatchObject({ width: 1200, height: 629, shape: 'pad' });
  });

  it.each([
    ['wide', { width: 3000, height: 1000 }, [1440, 754], 'cropped from 3000 × 1000 to 1.91:1 (1440 × 754)'],
    ['tall', { width: 1000, height: 2000 }, [1000, 1250], 'cropped from 1000 × 2000 to 4:5 (1000 × 1250)'],
  ] as const)('%s, is cropped when a person chose that', (_name, size, [width, height], words) => {
    const { plan, changes } = planned(planImage(picture(size), instagram, 'crop'));
    expect(plan).toMatchObject({ width, height, shape: 'crop' });
    expect(changes).toEqual([`${words}, around what draws the eye`]);
  });

  it('is not touched by the choice when it is taken', () => {
    for (const fit of ['crop', 'pad'] as const)
      expect(planImage(picture({ width: 1080, height: 1080 }), instagram, fit)).toEqual({ fits: true });
  });

  it('is never enlarged: cropped too narrow, the margins are named as the other way', () => {
    expect(planImage(picture({ width: 800, height: 100 }), instagram, 'crop')).toMatchObject({
      issue: {
        code: 'IMAGE_TOO_NARROW',
        found: expect.stringContaining('when cropped'),
        hint: expect.stringContaining('fit:pad'),
      },
    });
    expect(planned(planImage(picture({ width: 800, height: 100 }), instagram)).plan.width).toBe(800);
  });

  it('may reach the least width by its margins', () => {
    expect(planned(planImage(picture({ width: 300, height: 600 }), instagram)).plan).toMatchObject({
      width: 480,
      height: 600,
    });
  });
});

describe('format', () => {
  it.each([
    ['PNG where only JPEG is taken', { mime: 'image/png' }, instagram, 'jpeg', ['PNG becomes JPEG']],
    [
      'transparent PNG where only JPEG is taken',
      { mime: 'image/png', alpha: true },
      instagram,
      'jpeg',
      ['PNG becomes JPEG', 'transparent parts become white'],
    ],
    [
      'transparent WebP where PNG is taken',
      { mime: 'image/webp', alpha: true },
      pinterest,
      'png',
      ['WEBP becomes PNG'],
    ],
    ['WebP', { mime: 'image/webp' }, pinterest, 'jpeg', ['WEBP becomes JPEG']],
    ['AVIF', { mime: 'image/avif' }, x, 'jpeg', ['AVIF becomes JPEG']],
    ['a GIF of one frame', { mime: 'image/gif' }, pinterest, 'jpeg', ['GIF becomes JPEG']],
  ] as const)('%s', (_name, facts, rule, format, changes) => {
    const verdict = planned(planImage(picture(facts), rule));
    expect(verdict.plan).toMatchObject({ format, width: 1080, height: 1080, shape: 'keep' });
    expect(verdict.changes).toEqual(changes);
  });

  it('an animation becomes a still picture, and that is told first', () => {
    const { plan, changes } = planned(planImage(picture({ kind: 'gif', mime: 'image/gif', frames: 12 }), x));
    expect(plan.format).toBe('jpeg');
    expect(changes).toEqual(['shown as a still picture: the first of 12 frames', 'GIF becomes JPEG']);
  });
});

describe('weight', () => {
  it.each([
    ['JPEG stays JPEG', { mime: 'image/jpeg' }, x, 'jpeg'],
    ['PNG becomes JPEG: it has no quality to lower', { mime: 'image/png' }, x, 'jpeg'],
    ['transparent PNG becomes WebP', { mime: 'image/png', alpha: true }, x, 'webp'],
    [
      'transparent PNG stays PNG where nothing else keeps it',
      { mime: 'image/png', alpha: true },
      pinterest,
      'png',
    ],
  ] as const)('%s', (_name, facts, rule, format) => {
    const { plan, changes } = planned(planImage(picture({ ...facts, bytes: 30 * MEGABYTE }), rule));
    expect(plan).toMatchObject({ format, maxBytes: rule.maxBytes });
    expect(changes.at(-1)).toBe(`made lighter: 30 MB becomes at most ${rule.maxBytes / MEGABYTE} MB`);
  });
});

describe('what must not go out', () => {
  it.each([
    ['a place', { metadata: true }, 'hidden data removed (camera, place, names)'],
    ['a turn that not every viewer makes', { oriented: true }, 'turned upright'],
    ['colours for print', { printColours: true }, 'colours made fit for screens'],
  ])('%s', (_name, facts, change) => {
    const { plan, changes } = planned(planImage(picture(facts), x));
    expect(plan).toMatchObject({ width: 1080, height: 1080, format: 'jpeg', shape: 'keep' });
    expect(changes).toEqual([change]);
  });
});

describe('animations where they are taken', () => {
  const gif = (facts: Partial<MediaFacts> = {}) =>
    picture({ kind: 'gif', mime: 'image/gif', frames: 20, ...facts });

  it('fit, or go down in size', () => {
    expect(planGif(gif(), animations)).toEqual({ fits: true });
    expect(planned(planGif(gif({ width: 2560, height: 1080 }), animations)).plan).toMatchObject({
      width: 1280,
      height: 540,
      format: 'gif',
    });
  });

  it('come from WebP', () => {
    expect(planned(planGif(gif({ mime: 'image/webp' }), animations)).changes).toEqual(['WEBP becomes GIF']);
  });

  it.each([
    [{ frames: 351 }, 'GIF_FRAMES', 'at most 350 frames in a GIF', '351 frames'],
    [{ bytes: 16 * MEGABYTE }, 'GIF_BYTES', 'at most 15 MB in a GIF', '16 MB'],
  ])('%j is told', (facts, code, rule, found) => {
    expect(planGif(gif(facts), animations)).toMatchObject({ issue: { code, rule, found } });
  });
});

describe('any picture under any rule', () => {
  /** Numbers that look random and are the same in each run. */
  function numbers(seed: number): (least: number, most: number) => number {
    let state = seed;
    return (least, most) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return least + Math.floor((state / 2 ** 32) * (most - least + 1));
    };
  }

  const shapes = [
    { min: 4 / 5, max: 1.91 },
    { min: 1, max: 1 },
    { min: 2 / 3, max: 2 / 3 },
    { min: 1 / 2, max: 1.91 },
    { min: 9 / 16, max: 16 / 9 },
  ];
  const formats = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'] as const;

  it('gets a plan whose result keeps the rule and needs no further change', () => {
    const pick = numbers(7);
    let [plans, issues] = [0, 0];
    for (let turn = 0; turn < 5_000; turn += 1) {
      const shape = shapes[pick(0, shapes.length)];
      const rule: ImageRule = {
        formats: formats.slice(pick(0, 3)),
        maxBytes: pick(1, 10) * MEGABYTE,
        minWidth: pick(1, 400),
        maxWidth: pick(400, 3000),
        maxHeight: pick(400, 3000),
        ...(shape ? { shape } : {}),
      };
      const facts = picture({
        mime: [...formats, 'image/avif'][pick(0, 4)] as string,
        bytes: pick(1, 20 * MEGABYTE),
        width: pick(1, 40) * pick(1, 250),
        height: pick(1, 40) * pick(1, 250),
        ...(pick(0, 1) ? { alpha: true } : {}),
        ...(pick(0, 3) ? {} : { oriented: true }),
        ...(pick(0, 3) ? {} : { kind: 'gif', frames: 3 }),
      });
      const verdict = planImage(facts, rule);
      const seen = JSON.stringify({ facts, rule, verdict });
      if ('issue' in verdict) issues += 1;
      if (!('plan' in verdict)) continue;
      plans += 1;
      const { width, height, format, shape: how, maxBytes } = verdict.plan;
      expect(width, seen).toBeLessThanOrEqual(rule.maxWidth);
      expect(width, seen).toBeGreaterThanOrEqual(rule.minWidth);
      expect(height, seen).toBeLessThanOrEqual(rule.maxHeight);
      expect(rule.formats, seen).toContain(`image/${format}`);
      if (shape) expect(width / height >= shape.min && width / height <= shape.max, seen).toBe(true);
      if (how === 'keep') expect(width <= facts.width && height <= facts.height, seen).toBe(true);
      else expect(Math.min(width / facts.width, height / facts.height), seen).toBeLessThanOrEqual(1);
      const result = picture({
        mime: `image/${format}`,
        bytes: maxBytes,
        width,
        height,
        ...(facts.alpha && format !== 'jpeg' ? { alpha: true } : {}),
      });
      expect(planImage(result, rule), seen).toEqual({ fits: true });
    }
    expect(plans).toBeGreaterThan(1000);
    expect(issues).toBeGreaterThan(25);
  });
});
