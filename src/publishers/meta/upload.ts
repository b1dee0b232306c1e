/** Sends a file's bytes in one request, and goes on after a break from the offset that Meta names. */
import type { PreparedMedia, PublishContext } from '../../core/publisher.ts';
import type { HttpBody } from '../http.ts';
import { MetaFailure } from './failure.ts';

export interface Transfer<T> {
  /** Sends the bytes from an offset to the end; answers what Meta says to the last one. Throws MetaFailure. */
  send(offset: number): Promise<T>;
  /** How many bytes Meta has. Throws MetaFailure. */
  received(): Promise<number>;
  /** What stands for the answer when Meta has every byte already; absent: an empty rest is sent to get it. */
  readonly whole?: T;
}

/** Breaks without a single byte gained, after which the step ends; it is taken up later from the same offset. */
const STALLS_MAX = 2;

/** @param from the offset to begin at; absent: Meta is asked. Throws MetaFailure. */
export async function sendResuming<T>(
  transfer: Transfer<T>,
  from: number | undefined,
  media: Pick<PreparedMedia, 'bytes'>,
  { signal, log }: Pick<PublishContext, 'signal' | 'log'>,
): Promise<T> {
  let offset = from ?? (await transfer.received());
  for (let stalls = 0; ; ) {
    if (offset >= media.bytes && transfer.whole !== undefined) return transfer.whole;
    try {
      return await transfer.send(offset);
    } catch (error) {
      if (!isInterrupted(error) || signal.aborted || stalls >= STALLS_MAX) throw error;
      const received = await transfer.received();
      stalls = received > offset ? 0 : stalls + 1;
      log.info({ offset, received, bytes: media.bytes, err: error }, 'an upload broke off and goes on');
      offset = received;
    }
  }
}

/** True when Meta may have a part and take the rest: a broken connection, a fault of its own, its own word. */
function isInterrupted(error: unknown): boolean {
  if (!(error instanceof MetaFailure)) return false;
  const { status, problem } = error.facts;
  return (
    status === undefined ||
    status >= 500 ||
    problem?.upload?.isRetriable === true ||
    problem?.isTransient === true
  );
}

/** The bytes from an offset to the end, with the progress told. They are read as they are sent, never whole. */
export function bytesFrom(media: PreparedMedia, offset: number, progress: (words: string) => void): HttpBody {
  return {
    contentType: 'application/octet-stream',
    bytes: media.bytes - offset,
    open: () => media.open({ start: offset, end: media.bytes }),
    onSent: (sent) =>
      progress(
        `uploading ${media.kind}, ${Math.floor((100 * (offset + sent)) / Math.max(1, media.bytes))} %`,
      ),
  };
}
