// What is stored is made ready for a network.
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/core/capabilities.ts';
import { createMediaFitter } from '../../src/media/fit.ts';
import { video } from '../media/samples.ts';
import { attachment, never, png, useIntake } from './intake.ts';

const { setUp } = useIntake();

describe('preparing for a network', () => {
  const network = (
    image: Partial<NonNullable<Capabilities['media']['image']>['rule']> = {},
    video?: Capabilities['media']['video'],
  ) => ({
    workspaceId: 'W1',
    label: 'The network',
    capabilities: {
      media: {
        required: false,
        maxItems: 4,
        mixed: true,
        image: {
          max: 4,
          rule: {
            formats: ['image/jpeg', 'image/png'] as const,
            maxBytes: 100_000,
            minWidth: 10,
            maxWidth: 1000,
            maxHeight: 1000,
            ...image,
          },
        },
        ...(video ? { video } : {}),
      },
    },
  });

  it('gives the stored bytes when they fit, in parts too', async () => {
    const { intake, take, files } = await setUp();
    const [item] = await take([attachment(png, 'photo.png', { alt: 'Words' })]);
    const prepared = await intake.prepare(item!, network(), never);
    expect(prepared).toMatchObject({
      sha256: item!.sha256,
      name: 'photo.png',
      alt: 'Words',
      mime: 'image/png',
      bytes: png.length,
    });
    expect((await buffer(prepared.open())).equals(png)).toBe(true);
    expect((await buffer(prepared.open({ start: 5, end: 9 }))).equals(png.subarray(5, 9))).toBe(true);
    expect(await files()).toBe(1);
  });

  it('fits a picture, names it by what it has become, and makes each copy once', async () => {
    let fits = 0;
    const real = createMediaFitter();
    const { intake, take, files, remembered } = await setUp({
      fitter: {
        fit: (...all) => {
          fits += 1;
          return real.fit(...all);
        },
      },
    });
    const [item] = await take([attachment(png, 'photo.png')]);
    const rules = network({ formats: ['image/jpeg'], maxWidth: 30 });
    const [one, other] = await Promise.all([
      intake.prepare(item!, rules, never),
      intake.prepare(item!, rules, never),
    ]);
    const third = await intake.prepare(item!, rules, never);
    expect(one).toMatchObject({ name: 'photo.jpg', mime: 'image/jpeg', width: 30, height: 20 });
    expect([other!.sha256, third.sha256]).toEqual([one!.sha256, one!.sha256]);
    expect(await sharp(await buffer(one!.open())).metadata()).toMatchObject({
      format: 'jpeg',
      width: 30,
      height: 20,
    });
    expect([fits, await files()]).toEqual([1, 2]);
    // Each use is told to the index, so that a copy goes when it is not used any more, and not before.
    const used = [item, one, one, one].map((each) => ['W1', each!.sha256]);
    expect(remembered.map(([workspace, sha256]) => [workspace, sha256])).toEqual(used);
  });

  it('crops instead of adding margins when the person chose that', async () => {
    const { intake, take } = await setUp();
    const [item] = await take([attachment(png)]);
    const square = network({ shape: { min: 1, max: 1 } });
    const sizes = await Promise.all(
      ([{}, { fit: 'crop' }] as const).map((how) => intake.prepare(item!, { ...square, ...how }, never)),
    );
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [item!.width, item!.width],
      [item!.height, item!.height],
    ]);
  });

  it('makes a copy again that was cleared away', async () => {
    const { intake, take, blobs } = await setUp();
    const [item] = await take([attachment(png)]);
    const rules = network({ maxWidth: 30 });
    const { sha256 } = await intake.prepare(item!, rules, never);
    await blobs.remove(sha256);
    const again = await intake.prepare(item!, rules, never);
    expect(again.sha256).toBe(sha256);
    expect((await buffer(again.open())).length).toBe(again.bytes);
  });

  it('says that the stored file is gone, and works once it is back', async () => {
    const { intake, take, blobs } = await setUp();
    const [item] = await take([attachment(png)]);
    await blobs.remove(item!.sha256);
    await expect(intake.prepare(item!, network({ maxWidth: 30 }), never)).rejects.toMatchObject({
      code: 'MEDIA_MISSING',
    });
    await take([attachment(png)]);
    await expect(intake.prepare(item!, network({ maxWidth: 30 }), never)).resolves.toMatchObject({
      width: 30,
    });
  });

  it('never alters a video: it passes, or its broken rules are told', async () => {
    const { intake, take } = await setUp();
    const [item] = await take([attachment(video('clip.mp4'), 'clip.mp4')]);
    const rule = {
      containers: ['mp4'] as const,
      codecs: ['h264'],
      maxBytes: 10 * 1024,
      minMs: 500,
      maxMs: 2000,
    };
    const prepared = await intake.prepare(item!, network({}, { max: 1, rule }), never);
    expect((await buffer(prepared.open())).equals(video('clip.mp4'))).toBe(true);
    await expect(
      intake.prepare(item!, network({}, { max: 1, rule: { ...rule, maxMs: 900 } }), never),
    ).rejects.toMatchObject({
      code: 'CONTENT_ISSUES',
      message: 'The network does not take clip.mp4: at most 0.9 s long, found 1 s.',
    });
  });
});
