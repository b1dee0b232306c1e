/** Makes what a publisher is given: an account, content, and a context that records what the publisher did with it. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../src/core/clock.ts';
import type { InsightsContext } from '../../src/core/insights.ts';
import type { Logger } from '../../src/core/log.ts';
import type {
  Content,
  PreparedMedia,
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
} from '../../src/core/publisher.ts';
import type {
  Account,
  Checkpoint,
  Intent,
  MediaItem,
  PublishedPart,
  RecordedError,
  Words,
} from '../../src/core/words.ts';
import { createSeededRandom } from './manual-clock.ts';

export function account(network: string, patch: Partial<Account> = {}): Account {
  return {
    id: `account-${network}`,
    workspaceId: 'workspace',
    network,
    mode: 'live',
    handle: 'acme',
    name: 'Acme',
    source: 'environment',
    active: true,
    health: 'ok',
    createdAt: new Date('2026-01-01T00:00:00Z'),
    ...patch,
  };
}

const SHAPES = {
  image: { kind: 'image', mime: 'image/jpeg', width: 1080, height: 1080 },
  gif: { kind: 'gif', mime: 'image/gif', width: 480, height: 360, frames: 10, durationMs: 1000 },
  video: {
    kind: 'video',
    mime: 'video/mp4',
    width: 720,
    height: 1280,
    durationMs: 10_000,
    container: 'mp4',
    videoCodec: 'h264',
    audioCodec: 'aac',
    framesPerSecond: 30,
    bitRate: 2_000_000,
    chroma: '4:2:0',
  },
} as const;

/** Larger media are looked at and never sent: nobody compares their bytes, and making them would take seconds. */
const MADE_MAX_BYTES = 100 * 1024 * 1024;

/** A stored medium; `bytes` are made of the name, so that two of them differ. */
export function mediaItem(kind: keyof typeof SHAPES, patch: Partial<MediaItem> = {}): MediaItem {
  const name = patch.name ?? `${kind}.${SHAPES[kind].mime.split('/')[1]}`;
  const bytes = patch.bytes ?? 1000;
  const made = bytes > MADE_MAX_BYTES ? Buffer.from(`${bytes} bytes of ${name}`) : fill(name, bytes);
  return { ...SHAPES[kind], name, bytes, sha256: sha256(made), ...patch };
}

/** The same medium as a publisher gets it: bytes that can be read in ranges. `opened` records the ranges. */
export function prepared(
  item: MediaItem,
): PreparedMedia & { readonly opened: { start: number; end: number }[] } {
  const opened: { start: number; end: number }[] = [];
  return {
    ...item,
    opened,
    open(range) {
      const { start, end } = range ?? { start: 0, end: item.bytes };
      opened.push({ start, end });
      return pieces(item.name, start, end);
    },
  };
}

/** Pieces of 64 KiB in the same memory, as a file gives them: who keeps one finds other bytes in it. */
async function* pieces(name: string, start: number, end: number): AsyncGenerator<Buffer> {
  const memory = Buffer.allocUnsafe(65_536);
  for (let at = start; at < end; at += memory.length) {
    const piece = fill(name, Math.min(memory.length, end - at), at);
    yield memory.subarray(0, piece.copy(memory));
  }
}

/** A prime, so that no size of piece falls together with it. */
const PATTERN_BYTES = 65_537;
const patterns = new Map<string, Buffer>();

function patternOf(name: string): Buffer {
  const seed = name.length * 31 + (name.codePointAt(0) ?? 0);
  const pattern =
    patterns.get(name) ??
    Buffer.from(
      Uint8Array.from({ length: PATTERN_BYTES }, (_, index) => (seed + index * 7 + (index >> 8)) & 0xff),
    );
  patterns.set(name, pattern);
  return pattern;
}

/** Bytes that depend on the name and the place, so that swapped or missing parts show. */
export function fill(name: string, count: number, start = 0): Buffer {
  const pattern = patternOf(name);
  const bytes = Buffer.allocUnsafe(count);
  let filled = 0;
  while (filled < count) filled += pattern.copy(bytes, filled, (start + filled) % PATTERN_BYTES);
  return bytes;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function content(words: Partial<Words>, media: readonly MediaItem[] = []): Content {
  return { text: '', ...words, media };
}

export interface LogLine {
  readonly level: string;
  readonly facts: object;
  readonly message: string;
}

export function recordingLog(lines: LogLine[]): Logger {
  const at = (level: string) => (facts: object, message: string) =>
    void lines.push({ level, facts, message });
  const log: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => log,
  };
  return log;
}

/** What the publisher did with its context, and what a dispatcher would have stored. */
export interface Run {
  readonly outcomes: PublishOutcome[];
  readonly intents: Intent[];
  readonly progress: string[];
  readonly log: LogLine[];
  checkpoint?: Checkpoint;
  parts?: readonly PublishedPart[];
  sentAt?: Date;
}

export interface RunOptions {
  readonly account: Account;
  readonly content: Content;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly deliveryId?: string;
  readonly run?: Run;
  /** Called in the fence, before the publisher may send. */
  readonly onCreating?: (intent: Intent) => void | Promise<void>;
  readonly isTaken?: (remoteId: string) => Promise<boolean>;
  /** Called when the publisher asks to be called later. */
  readonly waitUntil?: (instant: Date) => void | Promise<void>;
}

export function newRun(): Run {
  return { outcomes: [], intents: [], progress: [], log: [] };
}

/** One call of `publish` with the checkpoint of the run. */
export async function publishStep(
  publisher: Publisher,
  options: RunOptions,
  run: Run,
): Promise<PublishOutcome> {
  const context: PublishContext = {
    account: options.account,
    deliveryId: options.deliveryId ?? 'POST1.account',
    postId: 'POST1',
    content: { ...options.content, media: options.content.media.map(prepared) },
    ...(run.checkpoint ? { checkpoint: JSON.parse(JSON.stringify(run.checkpoint)) as Checkpoint } : {}),
    ...(run.parts ? { parts: run.parts } : {}),
    async creating(intent) {
      run.intents.push(intent);
      run.sentAt = options.clock.now();
      await options.onCreating?.(intent);
    },
    progress: (words) => void run.progress.push(words),
    ...(options.isTaken ? { isTaken: options.isTaken } : {}),
    clock: options.clock,
    random: createSeededRandom(run.outcomes.length + 7),
    log: recordingLog(run.log),
    signal: options.signal ?? new AbortController().signal,
  };
  const outcome = await publisher.publish(context);
  run.outcomes.push(outcome);
  if (outcome.state === 'pending') run.checkpoint = outcome.checkpoint;
  if (outcome.state === 'part') {
    const { id, url } = outcome;
    run.parts = [...(run.parts ?? []), { id, ...(url ? { url } : {}), text: run.intents.at(-1)?.text ?? '' }];
  }
  return outcome;
}

/** Calls `publish` until it is published, as a dispatcher does. */
export async function publishAll(
  publisher: Publisher,
  options: RunOptions,
  run: Run = newRun(),
): Promise<PublishOutcome> {
  for (let step = 0; step < 500; step += 1) {
    const outcome = await publishStep(publisher, options, run);
    if (outcome.state === 'published') return outcome;
    if (outcome.state === 'pending' && outcome.lookAgainAt > options.clock.now())
      await options.waitUntil?.(outcome.lookAgainAt);
  }
  throw new Error('not published after 500 steps');
}

/** What is asked about a thing that was published `ageMs` ago. */
export function insightsContext(options: RunOptions, id: string, ageMs = 0): InsightsContext {
  return {
    account: options.account,
    id,
    publishedAt: new Date(options.clock.now().getTime() - ageMs),
    hasVideo: options.content.media.some(({ kind }) => kind === 'video'),
    clock: options.clock,
    signal: options.signal ?? new AbortController().signal,
  };
}

export function reconcileContext(options: RunOptions, run: Run, because?: RecordedError): ReconcileContext {
  const intent = run.intents.at(-1);
  if (!intent || !run.sentAt) throw new Error('nothing was about to be created');
  return {
    account: options.account,
    deliveryId: options.deliveryId ?? 'POST1.account',
    postId: 'POST1',
    intent,
    sentAt: run.sentAt,
    ...(because ? { because } : {}),
    ...(run.checkpoint ? { checkpoint: run.checkpoint } : {}),
    ...(run.parts ? { parts: run.parts } : {}),
    clock: options.clock,
    log: recordingLog(run.log),
    signal: options.signal ?? new AbortController().signal,
  };
}
