/** One medium on its way in: opened, laid aside, looked at. Every error says which file it is about. */
import { PassThrough } from 'node:stream';
import { limitByHead, tooLarge } from '../byte-limit.ts';
import { after, type Clock, MINUTE } from '../clock.ts';
import { asCarillonError, CarillonError, failure } from '../errors.ts';
import type {
  BlobStore,
  IncomingMedia,
  MediaProbe,
  MediaSource,
  OpenedMedia,
  StagedBytes,
} from '../media.ts';
import { cleanName, linkLabel } from '../media-label.ts';
import { describeDuration } from '../quantities.ts';
import { relay } from '../relay.ts';
import type { MediaItem } from '../words.ts';

export interface ReceivePorts {
  readonly source: MediaSource;
  readonly blobs: BlobStore;
  readonly probe: MediaProbe;
  readonly clock: Clock;
}

export interface Received {
  readonly item: MediaItem;
  /** Laid aside: kept only when every other file of the post is good too. */
  readonly staged: StagedBytes;
}

/** Longest time for a file that the chat itself delivers; links bound themselves. */
const ATTACHMENT_MS = 10 * MINUTE;

/** Errors: those of MediaSource, BlobStore and MediaProbe; nothing is left aside then. */
export async function receive(
  incoming: IncomingMedia,
  { source, blobs, probe, clock }: ReceivePorts,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<Received> {
  const deadline = createDeadline(clock, incoming, signal);
  try {
    const { name, declaredBytes, stream } = await open(incoming, source, {
      maxBytes,
      signal: deadline.signal,
    });
    const bounded = relay(stream, limitByHead(probe, declaredBytes), asCarillonError);
    const staged = await blobs.stage(bounded, { maxBytes, signal: deadline.signal });
    try {
      const facts = await probe.probe({ bytes: staged.bytes, read: (range) => staged.read(range) });
      const { alt } = incoming;
      return { staged, item: { ...facts, sha256: staged.sha256, name, ...(alt ? { alt } : {}) } };
    } catch (error) {
      await staged.discard();
      throw error;
    }
  } finally {
    deadline.stop();
  }
}

function createDeadline(
  clock: Clock,
  incoming: IncomingMedia,
  signal: AbortSignal,
): { signal: AbortSignal; stop(): void } {
  if (incoming.kind !== 'attachment') return { signal, stop: () => undefined };
  const control = new AbortController();
  const stop = clock.at(after(clock.now(), ATTACHMENT_MS), () => {
    control.abort(notDelivered(`was not complete after ${describeDuration(ATTACHMENT_MS)}`));
  });
  return { signal: AbortSignal.any([signal, control.signal]), stop };
}

async function open(
  incoming: IncomingMedia,
  source: MediaSource,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<OpenedMedia> {
  if (incoming.kind === 'link') return source.openLink(incoming.url, signal);
  if (incoming.kind === 'file') return source.openFile(incoming.path, signal);
  // The chat's own files are trusted as to where they come from (the front-end knows the address), never as to what they are.
  const { name, declaredBytes = 0 } = incoming;
  if (declaredBytes > maxBytes) throw tooLarge(maxBytes, declaredBytes);
  const stream = await incoming.open(signal).catch((error: unknown) => {
    throw translate(error);
  });
  return { name: cleanName(name), declaredBytes, stream: relay(stream, new PassThrough(), translate) };
}

function translate(error: unknown): CarillonError {
  return error instanceof CarillonError ? error : notDelivered('could not be fetched from the chat', error);
}

function notDelivered(what: string, cause?: unknown): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_UNREACHABLE',
    message: `The file ${what}.`,
    hint: 'Send it again; if that does not help, give a public link to it.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The same error, with the file's name in front where the message does not hold it already. */
export function withLabel(error: unknown, incoming: IncomingMedia, place: string): CarillonError {
  const { kind, code, message, hint, next, context } = asCarillonError(error);
  const label = labelOf(incoming);
  const front = [place, message.includes(label) ? '' : label].filter((part) => part !== '').join(', ');
  return new CarillonError(
    kind,
    { code, message: front === '' ? message : `${front}: ${message}`, hint, context, cause: error },
    next,
  );
}

function labelOf(incoming: IncomingMedia): string {
  if (incoming.kind === 'link') return linkLabel(incoming.url);
  return cleanName(incoming.kind === 'file' ? incoming.path : incoming.name);
}
