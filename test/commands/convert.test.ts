/** "Convert the video": offered on a draft, done in the background, told on the card, and never without a press. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import type { VideoConverter } from '../../src/core/media.ts';
import type { MediaFacts } from '../../src/core/words.ts';
import { instagram } from '../../src/publishers/instagram/rules.ts';
import { playedNetwork } from '../helpers/played-network.ts';
import { mediaItem } from '../helpers/publishing.ts';
import { buttonsOf, idIn, wordsOf } from '../helpers/replies.ts';
import { useStages } from '../helpers/stage.ts';

const createStage = useStages();
const original = mediaItem('video', {
  name: 'clip.mkv',
  mime: 'video/x-matroska',
  container: 'mkv',
  videoCodec: 'vp9',
  width: 1920,
  height: 1080,
});
const { name: _name, ...facts } = mediaItem('video', {
  width: 1920,
  height: 1080,
  fastStart: true,
  bytes: 500,
});

type Convert = VideoConverter['convert'];

const done: Convert = async (_source, _facts, _plan, { progress }) => {
  progress(1);
  return { bytes: 500, read: () => Readable.from([Buffer.alloc(500)]), discard: async () => undefined };
};

/** A machine whose converter does this, and whose result looks like that. */
async function stage(convert: Convert, made: Partial<MediaFacts> = {}) {
  const kept: string[] = [];
  const never = (): never => {
    throw new Error('not used here');
  };
  const on = await createStage({
    live: async (clock: Clock) => [playedNetwork(instagram, clock)],
    files: { 'clip.mkv': original },
    conversions: {
      blobs: {
        async stage() {
          return {
            sha256: facts.sha256,
            bytes: 500,
            read: () => Readable.from([]),
            keep: async () => void kept.push(facts.sha256),
            discard: async () => undefined,
          };
        },
        read: () => Readable.from([]),
        pieces: never,
        write: never,
        has: never,
        remove: never,
      },
      probe: {
        async probe() {
          const { sha256: _sha256, ...measured } = facts;
          return { ...measured, ...made };
        },
      },
      index: { remember: async () => undefined },
      findConverter: async () => ({ takes: () => true, convert }),
    },
  });
  const draft = await on.type('/schedule when:"tomorrow 9:00" to:instagram,x as:reel media:clip.mkv Ding');
  const id = idIn(draft);
  return { ...on, draft, id, kept, post: () => on.stores.posts.find(on.workspaceId, id) };
}

const OFFER =
  'It can be converted here for Instagram @acme: clip.mkv to 1920 × 1080, H.264 of at most 10 megabits per second, the sound as it is.';

describe('converting', () => {
  it('is offered, done for those accounts that need it, told, and goes out as it was told', async () => {
    const { draft, id, press, engine, told, kept, post, pass, x, recipients } = await stage(done);
    expect(wordsOf(draft)).toContain(OFFER);
    expect(buttonsOf(draft)).toContain(`schedule.convert:${id}`);
    expect(await post()).toMatchObject({ standing: 'draft', media: [{ container: 'mkv' }] });
    await press(`schedule.convert:${id}`);
    await engine.idle();
    const card = told.findLast(({ kind }) => kind === 'edit')!.reply;
    expect(wordsOf(card)).toContain('Instagram @acme gets clip.mkv converted: 1920 × 1080, 500 bytes');
    expect(buttonsOf(card)).toContain(`schedule.confirm:${id}`);
    expect(buttonsOf(card)).not.toContain(`schedule.convert:${id}`);
    expect(kept).not.toEqual([]);
    // The original stays with the post; nothing goes out before the person says so.
    expect(await post()).toMatchObject({ standing: 'draft', media: [{ sha256: original.sha256 }] });
    await press(`schedule.confirm:${id}`);
    await pass(26 * 3_600_000);
    expect(x.wall).toHaveLength(1);
    const [sent] = recipients.filter(({ label }) => label === 'Instagram');
    expect(sent?.item).toMatchObject({ sha256: facts.sha256, name: 'clip.mp4', width: 1920 });
    expect(sent?.item).not.toHaveProperty('conversions');
    expect((await post())?.standing).toBe('done');
  });

  it('tells how far it is, and is ended by the button', async () => {
    let aborted = false;
    const { id, press, post, engine } = await stage(
      (_source, _facts, _plan, { signal, progress }) =>
        new Promise((_resolve, reject) => {
          progress(0.4);
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    );
    const running = await press(`schedule.convert:${id}`);
    expect(wordsOf(running)).toMatch(/Converting the video: \d+ %/);
    expect(buttonsOf(running)).toContain(`schedule.stop:${id}`);
    const stopped = await press(`schedule.stop:${id}`);
    expect(aborted).toBe(true);
    expect(wordsOf(stopped)).toContain(OFFER);
    await engine.idle();
    expect((await post())?.media[0]?.conversions).toBeUndefined();
  });

  it('is ended when the draft is cancelled meanwhile', async () => {
    let aborted = false;
    const { id, press, post, clock, engine } = await stage(
      (_source, _facts, _plan, { signal, progress }) =>
        new Promise((_resolve, reject) => {
          const timer = setInterval(() => {
            clock.moveTo(new Date(clock.now().getTime() + 6000));
            progress(0.5);
          }, 5);
          signal.addEventListener('abort', () => {
            clearInterval(timer);
            aborted = true;
            reject(signal.reason);
          });
        }),
    );
    await press(`schedule.convert:${id}`);
    await press(`cancel.now:${id}`);
    await engine.idle();
    expect(aborted).toBe(true);
    expect(await post()).toMatchObject({ standing: 'cancelled', media: [{ container: 'mkv' }] });
  });

  it.each([
    ['ffmpeg fails', 'the disk is full', {}, 'The video could not be converted: the disk is full.'],
    ['the result breaks the rule', undefined, { bitRate: 26_000_000 }, 'at most 25 megabits per second'],
    ['the result was cut off', undefined, { durationMs: 5000 }, 'shorter than the original'],
  ] as const)('changes nothing when %s', async (_why, fails, made, words) => {
    const { id, press, engine, told, post, kept } = await stage(async (...given) => {
      if (fails === undefined) return done(...given);
      throw failure('MediaRejected', {
        code: 'VIDEO_CONVERSION_FAILED',
        message: `The video could not be converted: ${fails}.`,
        hint: 'Export it anew.',
      });
    }, made);
    const answer = await press(`schedule.convert:${id}`);
    await engine.idle();
    // What failed before the answer was drawn is in the answer.
    const card = told.findLast(({ kind }) => kind === 'edit')?.reply ?? answer;
    expect(wordsOf(card)).toContain(words);
    expect(buttonsOf(card)).toContain(`schedule.convert:${id}`);
    expect(kept).toEqual([]);
    expect((await post())?.media[0]?.conversions).toBeUndefined();
  });

  it('is not offered where the machine has no ffmpeg, nor where nothing would help', async () => {
    const files = {
      'clip.mkv': original,
      'long.mkv': { ...original, durationMs: 3_600_000, name: 'long.mkv' },
    };
    const live = async (clock: Clock) => [playedNetwork(instagram, clock)];
    const { type } = await createStage({ live, files });
    const draft = await type('/post to:instagram media:clip.mkv Ding');
    expect(buttonsOf(draft).some((action) => action.startsWith('schedule.convert'))).toBe(false);
    expect(wordsOf(draft)).toContain('Export it as MP4');
  });
});
