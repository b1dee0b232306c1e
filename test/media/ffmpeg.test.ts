/** Converting with ffmpeg: with a played one for everything that can go wrong, and with the machine's own where there is one. */
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VideoRule } from '../../src/core/capabilities.ts';
import { checkVideo } from '../../src/core/video-check.ts';
import { planVideo, type VideoPlan } from '../../src/core/video-plan.ts';
import { systemClock } from '../../src/lib/system-clock.ts';
import { createConverterFinder } from '../../src/media/ffmpeg.ts';
import { ffmpegArguments } from '../../src/media/ffmpeg-arguments.ts';
import { CONVERSION_LIMITS } from '../../src/media/limits.ts';
import { createMediaProbe } from '../../src/media/probe.ts';
import { createManualClock } from '../helpers/manual-clock.ts';
import { memorySource, video } from './samples.ts';

const PLAN: VideoPlan = { picture: 'copy', sound: 'none', maxBytes: 10_000 };
const FACTS = {
  kind: 'video',
  mime: 'video/mp4',
  bytes: 4,
  width: 64,
  height: 64,
  container: 'mp4',
  durationMs: 2000,
} as const;
const never = new AbortController().signal;
const searchPath = process.env.PATH ?? '';

/** Each played ffmpeg is a program in a folder of its own; the last argument is the file that it writes. */
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'carillon-ffmpeg-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function machine(work: string) {
  const folder = await mkdtemp(join(root, 'bin-'));
  const temporary = await mkdtemp(join(root, 'tmp-'));
  const script = `#!${process.execPath}
const { writeFileSync, readFileSync } = require('node:fs');
const given = process.argv.slice(2);
if (given.includes('-encoders')) { console.log(' V..... libx264'); process.exit(0); }
const output = given.at(-1);
const input = given[given.indexOf('-i') + 1];
${work}
`;
  await writeFile(join(folder, 'ffmpeg'), script);
  await chmod(join(folder, 'ffmpeg'), 0o755);
  const clock = createManualClock();
  const find = createConverterFinder({ clock, searchPath: folder, folder: temporary });
  return { find, clock, folder: temporary, left: () => readdir(temporary) };
}

async function played(work: string) {
  const { find, ...rest } = await machine(work);
  const converter = await find();
  if (!converter) throw new Error('the played ffmpeg was not found');
  return { converter, ...rest };
}

describe('a machine', () => {
  it('without ffmpeg, or with one that lacks H.264, has no converter', async () => {
    const clock = createManualClock();
    expect(await createConverterFinder({ clock, searchPath: root })()).toBeUndefined();
    const folder = await mkdtemp(join(root, 'bin-'));
    await writeFile(join(folder, 'ffmpeg'), '#!/bin/sh\necho " V..... mpeg4"\n');
    await chmod(join(folder, 'ffmpeg'), 0o755);
    expect(await createConverterFinder({ clock, searchPath: folder })()).toBeUndefined();
  });
});

it('clears what a killed process left, once it is old', async () => {
  const { find, folder, left } = await machine('');
  for (const [name, age] of [
    ['carillon-video-old', 3 * CONVERSION_LIMITS.totalMs],
    ['carillon-video-new', 0],
    ['other', 3 * CONVERSION_LIMITS.totalMs],
  ] as const) {
    await mkdir(join(folder, name));
    const then = new Date(createManualClock().now().getTime() - age);
    await utimes(join(folder, name), then, then);
  }
  await find();
  expect((await left()).sort()).toEqual(['carillon-video-new', 'other']);
});

describe('a played ffmpeg', () => {
  it('gets the file and nothing of our environment; how far it is, is told; the result goes with discard', async () => {
    const { converter, left } = await played(`
      console.log('out_time_us=500000'); console.log('out_time_us=2000000');
      writeFileSync(output, readFileSync(input, 'utf8') + JSON.stringify(Object.keys(process.env).sort()));`);
    const told: number[] = [];
    const made = await converter.convert(memorySource(Buffer.from('film')), FACTS, PLAN, {
      signal: never,
      progress: (fraction) => void told.push(fraction),
    });
    const text = (await buffer(made.read())).toString();
    expect(text).toMatch(/^film\["LC_ALL","PATH"/);
    expect(made.bytes).toBe(text.length);
    expect((await buffer(made.read({ start: 1, end: 3 }))).toString()).toBe('il');
    expect(told).toEqual([0.25, 1]);
    expect(await left()).toHaveLength(1);
    await made.discard();
    expect(await left()).toEqual([]);
  });

  it('that fails is told with its last words, and leaves nothing', async () => {
    const { converter, left } = await played(
      `console.error('input: Invalid data found'); process.exit(183);`,
    );
    await expect(
      converter.convert(memorySource(Buffer.from('film')), FACTS, PLAN, {
        signal: never,
        progress: () => undefined,
      }),
    ).rejects.toMatchObject({
      code: 'VIDEO_CONVERSION_FAILED',
      message: expect.stringContaining('Invalid data found'),
    });
    expect(await left()).toEqual([]);
  });

  it.each([
    ['one that falls silent', CONVERSION_LIMITS.silenceMs, 'did nothing for 1 min'],
    ['one that never ends', CONVERSION_LIMITS.silenceMs - 1, 'after 30 min'],
  ] as const)('%s is ended by its bound', async (_which, step, words) => {
    const { converter, clock, left } = await played(`setInterval(() => console.log('out_time_us=0'), 5);`);
    const work = converter.convert(memorySource(Buffer.from('film')), FACTS, PLAN, {
      signal: never,
      progress: () => clock.advance(step),
    });
    await expect(work).rejects.toMatchObject({
      code: 'VIDEO_CONVERSION_FAILED',
      message: expect.stringContaining(words),
    });
    expect(await left()).toEqual([]);
  });

  it('is ended when the person stops it', async () => {
    const { converter, left } = await played(`console.log('out_time_us=0'); setInterval(() => {}, 1000);`);
    const control = new AbortController();
    const work = converter.convert(memorySource(Buffer.from('film')), FACTS, PLAN, {
      signal: control.signal,
      progress: () => control.abort(new Error('stopped')),
    });
    await expect(work).rejects.toThrow('stopped');
    expect(await left()).toEqual([]);
  });

  it('is not begun without room on the disk', async () => {
    const { converter } = await played('');
    await expect(
      converter.convert(
        memorySource(Buffer.from('film')),
        FACTS,
        { ...PLAN, maxBytes: 2 ** 50 },
        { signal: never, progress: () => undefined },
      ),
    ).rejects.toMatchObject({ message: expect.stringContaining('of room') });
  });
});

it('names the reader and only files, so that a playlist in a film’s clothes opens nothing', () => {
  const given = ffmpegArguments(PLAN, { reader: 'mov', input: '/in', output: '/out' }, 10_000);
  const at = given.indexOf('-i');
  expect(given.slice(at - 4, at + 2)).toEqual(['-protocol_whitelist', 'file', '-f', 'mov', '-i', '/in']);
  expect(given.slice(given.indexOf('-fs'), given.indexOf('-fs') + 2)).toEqual(['-fs', '10000']);
});

const own = await createConverterFinder({ clock: systemClock, searchPath })();

describe.skipIf(!own)(`the machine’s own ffmpeg${own ? '' : ' (skipped: there is none)'}`, () => {
  const rule: VideoRule = {
    containers: ['mp4'],
    codecs: ['h264'],
    audioCodecs: ['aac'],
    chroma: ['4:2:0'],
    maxBytes: 10_000_000,
    minMs: 100,
    maxMs: 60_000,
    fastStart: true,
  };

  it.each([
    ['hevc.mov', {}, undefined],
    ['clip.webm', {}, undefined],
    ['clip.mp4', { shape: { min: 9 / 16 - 0.01, max: 9 / 16 + 0.01 } }, 'pad'],
    ['clip.mp4', { shape: { min: 9 / 16 - 0.01, max: 9 / 16 + 0.01 } }, 'crop'],
    ['clip.mp4', { maxFramesPerSecond: 8 }, undefined],
  ] as const)('%s becomes what the rule asks for (%j, %s)', async (name, more, fit) => {
    const source = memorySource(video(name));
    const facts = await createMediaProbe().probe(source);
    const wanted = { ...rule, ...more };
    const plan = planVideo(facts, wanted, fit);
    if (!plan) throw new Error(`no plan for ${JSON.stringify(facts)}`);
    const made = await own!.convert(source, facts, plan, { signal: never, progress: () => undefined });
    const found = await createMediaProbe().probe(made);
    expect(checkVideo(found, wanted)).toEqual([]);
    expect(found).toMatchObject({ container: 'mp4', fastStart: true });
    expect(Math.abs(found.durationMs! - facts.durationMs!)).toBeLessThan(300);
    await made.discard();
  });
});
