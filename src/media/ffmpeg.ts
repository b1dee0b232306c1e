/**
 * Converts videos with the machine's own ffmpeg. It is looked for once, when first needed, and never required. It runs at a low
 * priority, without our environment (which holds secrets), in a folder of its own that is gone afterwards.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { after, type Clock } from '../core/clock.ts';
import { failure } from '../core/errors.ts';
import type { ByteSource, ConvertedVideo, VideoConverter } from '../core/media.ts';
import { describeBytes, describeDuration } from '../core/quantities.ts';
import type { MediaFacts } from '../core/words.ts';
import { ffmpegArguments, readerFor } from './ffmpeg-arguments.ts';
import { CONVERSION_LIMITS, type ConversionLimits } from './limits.ts';

export interface FfmpegOptions {
  readonly clock: Clock;
  /** Folders in which programs are looked for, as in PATH. */
  readonly searchPath: string;
  readonly limits?: ConversionLimits;
  /** Where temporary files go; absent: the system's place for them. */
  readonly folder?: string;
}

const FOLDER_PREFIX = 'carillon-video-';
/** The encoder for pictures; an ffmpeg without it is of no use here. */
const ENCODER = 'libx264';
/** As much of what ffmpeg complains of as fits a message. */
const COMPLAINT_CHARACTERS = 300;

/** Answers the converter, or undefined when the machine has none; looks for it at the first call only. */
export function createConverterFinder(options: FfmpegOptions): () => Promise<VideoConverter | undefined> {
  let found: Promise<VideoConverter | undefined> | undefined;
  return () => {
    found ??= find(options);
    return found;
  };
}

async function find(options: FfmpegOptions): Promise<VideoConverter | undefined> {
  if (!(await hasEncoder(options.searchPath))) return undefined;
  await clearLeftovers(options);
  return createConverter(options);
}

/** What a killed process left: older than any conversion that may still run. */
async function clearLeftovers({
  clock,
  limits = CONVERSION_LIMITS,
  folder = tmpdir(),
}: FfmpegOptions): Promise<void> {
  const begin = clock.now().getTime() - 2 * limits.totalMs;
  const names = (await readdir(folder)).filter((name) => name.startsWith(FOLDER_PREFIX));
  for (const path of names.map((name) => join(folder, name))) {
    const found = await stat(path).catch(() => undefined);
    // Another user's folder is not ours to clear.
    if (found && found.mtimeMs < begin)
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function hasEncoder(searchPath: string): Promise<boolean> {
  const child = start(['-hide_banner', '-encoders'], searchPath);
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  child.stderr?.resume();
  return (await ended(child).catch(() => undefined)) === 0 && said.includes(ENCODER);
}

function start(given: readonly string[], searchPath: string, folder?: string): ChildProcess {
  return spawn('ffmpeg', given, {
    env: { PATH: searchPath, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(folder === undefined ? {} : { cwd: folder }),
  });
}

/** The exit code, null after a signal; rejects when the program cannot be started. */
async function ended(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

function createConverter(options: FfmpegOptions): VideoConverter {
  const { limits = CONVERSION_LIMITS, folder: parent = tmpdir() } = options;
  return {
    takes: (facts) => readerFor(facts.container) !== undefined && facts.bytes <= limits.sourceBytes,

    async convert(source, facts, plan, { signal, progress }) {
      signal.throwIfAborted();
      const reader = readerFor(facts.container);
      if (reader === undefined) throw failed(`ffmpeg is not given ${facts.container ?? 'this kind of file'}`);
      await refuseWhenFull(parent, source.bytes + plan.maxBytes, limits);
      const folder = await mkdtemp(join(parent, FOLDER_PREFIX));
      const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
      try {
        const files = { reader, input: join(folder, 'input'), output: join(folder, 'output.mp4') };
        await pipeline(source.read(), createWriteStream(files.input, { mode: 0o600 }), { signal });
        const given = ffmpegArguments(plan, files, plan.maxBytes);
        await run(start(given, options.searchPath, folder), facts, { ...options, limits, signal, progress });
        return await converted(files.output, discard);
      } catch (error) {
        await discard();
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}

/** The source and the largest result lie side by side for a while. */
async function refuseWhenFull(
  folder: string,
  needed: number,
  { spareBytes }: ConversionLimits,
): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free - spareBytes < needed)
    throw failed(`it may need ${describeBytes(needed)} of room, and ${describeBytes(free)} are free`);
}

interface Running {
  readonly clock: Clock;
  readonly limits: ConversionLimits;
  readonly signal: AbortSignal;
  progress(fraction: number): void;
}

/** Until ffmpeg has ended well. Throws VIDEO_CONVERSION_FAILED; killed when the signal, a bound of time or a silence ends it. */
async function run(
  child: ChildProcess,
  { durationMs = 0 }: Pick<MediaFacts, 'durationMs'>,
  { clock, limits, signal, progress }: Running,
): Promise<void> {
  let reason: string | undefined;
  const kill = (why?: string): void => {
    reason ??= why;
    child.kill('SIGKILL');
  };
  const onAbort = (): void => kill();
  signal.addEventListener('abort', onAbort, { once: true });
  const silence = (): (() => void) =>
    clock.at(after(clock.now(), limits.silenceMs), () =>
      kill(`ffmpeg did nothing for ${describeDuration(limits.silenceMs)}`),
    );
  let stopSilence = silence();
  const stopTotal = clock.at(after(clock.now(), limits.totalMs), () =>
    kill(`it was not done after ${describeDuration(limits.totalMs)}`),
  );
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    complaint = (complaint + part).slice(-COMPLAINT_CHARACTERS);
  });
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const microseconds = /^out_time_us=(\d+)$/.exec(line)?.[1];
      if (microseconds === undefined) return;
      stopSilence();
      stopSilence = silence();
      progress(Math.min(1, Number(microseconds) / 1000 / Math.max(1, durationMs)));
    });
  lowerPriority(child);
  if (signal.aborted) kill();
  try {
    const code = await ended(child).catch((error: unknown) => {
      throw failed('ffmpeg could not be started', error);
    });
    signal.throwIfAborted();
    if (code !== 0)
      throw failed(reason ?? (complaint.replace(/\s+/g, ' ').trim() || `ffmpeg ended with ${code}`));
  } finally {
    stopSilence();
    stopTotal();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Publishing on time goes before converting. */
function lowerPriority({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already, or the system does not allow it: it only takes a larger share then.
  }
}

async function converted(path: string, discard: () => Promise<void>): Promise<ConvertedVideo> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw failed('ffmpeg wrote nothing', error);
  });
  const read: ByteSource['read'] = (range) =>
    createReadStream(path, range ? { start: range.start, end: Math.max(range.start, range.end - 1) } : {});
  return { bytes: size, read, discard };
}

function failed(why: string, cause?: unknown): Error {
  return failure('MediaRejected', {
    code: 'VIDEO_CONVERSION_FAILED',
    message: `The video could not be converted: ${why}.`,
    hint: 'The original is kept. Export it anew as the rule says, and attach it with /edit.',
    ...(cause === undefined ? {} : { cause }),
  });
}
