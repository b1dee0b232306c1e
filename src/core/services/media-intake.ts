/**
 * Media on their way in and out. In: fetched while the person is there (links in chats expire), looked at, stored once by
 * content. Out: fitted to one network when a post goes out, so that each network gets the best it can take.
 */

import type { Capabilities } from '../capabilities.ts';
import { CarillonError, failure, usageError } from '../errors.ts';
import { createGate } from '../gate.ts';
import type { Issue } from '../issue.ts';
import type { IncomingMedia, MediaFitter, MediaIndex } from '../media.ts';
import { planMedium } from '../media-plan.ts';
import type { PreparedMedia } from '../publisher.ts';
import { GIGABYTE } from '../quantities.ts';
import type { MediaItem, PictureFit } from '../words.ts';
import { createFittedCopies } from './fitted-copies.ts';
import { type Received, type ReceivePorts, receive, withLabel } from './media-receive.ts';
import type { MediaIntake } from './services.ts';

export interface MediaIntakePorts extends ReceivePorts {
  readonly fitter: MediaFitter;
  readonly index: Pick<MediaIndex, 'remember'>;
  /** Most bytes of one file. */
  readonly maxBytes?: number;
}

/** Videos of most networks end at 0.3 to 1 GB; a larger file is rather a mistake. */
const MAX_BYTES = GIGABYTE;

/** Files that are fetched at a time for one post: more would only share the same line. */
const FETCHES = 3;

/** More than any network takes in one post. */
const MAX_ITEMS = 30;

/** For whom a medium is prepared: the workspace, the network's name for people, the rules that hold, and what the person chose. */
export interface Recipient {
  readonly workspaceId: string;
  readonly label: string;
  readonly capabilities: Pick<Capabilities, 'media'>;
  readonly fit?: PictureFit;
}

export interface MediaService extends MediaIntake {
  /**
   * A medium as the network takes it: as it is, or fitted. Errors: CONTENT_ISSUES when it cannot be made fit (the check
   * when it was scheduled says so first), MEDIA_MISSING, MEDIA_UNREADABLE, MEDIA_TOO_LARGE.
   */
  prepare(item: MediaItem, network: Recipient, signal: AbortSignal): Promise<PreparedMedia>;
}

export function createMediaIntake(ports: MediaIntakePorts): MediaService {
  const { blobs, index, clock, maxBytes = MAX_BYTES } = ports;
  const copies = createFittedCopies(ports);
  return {
    async take(incoming, { workspaceId, signal, progress }) {
      if (incoming.length > MAX_ITEMS) throw tooMany(incoming.length);
      const outcomes = await receiveAll(incoming, ports, { maxBytes, signal, progress });
      const received = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      try {
        signal.throwIfAborted();
        throwProblems(incoming, outcomes);
        for (const { staged, item } of received) {
          const { sha256: _sha256, name: _name, alt: _alt, ...facts } = item;
          // Before the bytes: from now on retention leaves them, and after a crash it knows of them.
          await index.remember(
            workspaceId,
            { sha256: staged.sha256, bytes: staged.bytes },
            facts,
            clock.now(),
          );
        }
        for (const { staged } of received) await staged.keep();
        return received.map(({ item }) => item);
      } finally {
        // All or nothing. Does nothing to what was kept.
        await Promise.all(received.map(({ staged }) => staged.discard()));
      }
    },

    async prepare(item, { workspaceId, label, capabilities, fit }, signal) {
      signal.throwIfAborted();
      const verdict = planMedium(item, capabilities.media, fit);
      if ('issues' in verdict) throw doesNotFit(item, label, verdict.issues);
      const copy =
        'plan' in verdict
          ? await copies.make(item, verdict, workspaceId)
          : { sha256: item.sha256, facts: item };
      signal.throwIfAborted();
      const { sha256, facts } = copy;
      const { name, alt } = item;
      return {
        ...facts,
        sha256,
        name: facts.mime === item.mime ? name : renamed(name, facts.mime),
        ...(alt === undefined ? {} : { alt }),
        open: (range) => blobs.pieces(sha256, range),
      };
    },
  };
}

/** Every file is tried to its end, so that all problems are told at once. */
function receiveAll(
  incoming: readonly IncomingMedia[],
  ports: ReceivePorts,
  options: { maxBytes: number; signal: AbortSignal; progress(words: string): void },
): Promise<PromiseSettledResult<Received>[]> {
  const gate = createGate(FETCHES);
  let done = 0;
  const tell = (): void => options.progress(`fetching media: ${done} of ${incoming.length} done`);
  if (incoming.length > 0) tell();
  const one = async (each: IncomingMedia): Promise<Received> => {
    options.signal.throwIfAborted();
    const received = await receive(each, ports, options);
    done += 1;
    tell();
    return received;
  };
  return Promise.allSettled(incoming.map((each) => gate(() => one(each))));
}

function throwProblems(
  incoming: readonly IncomingMedia[],
  outcomes: readonly PromiseSettledResult<unknown>[],
): void {
  const problems = incoming.flatMap((each, at) => {
    const outcome = outcomes[at];
    const place = incoming.length > 1 ? `File ${at + 1} of ${incoming.length}` : '';
    return outcome?.status === 'rejected' ? [withLabel(outcome.reason, each, place)] : [];
  });
  const [first] = problems;
  if (!first) return;
  if (problems.length === 1) throw first;
  const message = problems.map((problem) => problem.message).join('\n');
  const hint = [...new Set(problems.map((problem) => problem.hint))].join(' ');
  throw new CarillonError(
    first.kind,
    { code: first.code, message, hint, cause: new AggregateError(problems) },
    first.next,
  );
}

function tooMany(found: number): CarillonError {
  return usageError(
    'OPTION_INVALID',
    `${found} files are more than one post can have: at most ${MAX_ITEMS}.`,
    'Leave some out, or write several posts.',
  );
}

function doesNotFit(item: MediaItem, label: string, issues: readonly Issue[]): CarillonError {
  const words = issues.map(({ rule, found }) => `${rule}, found ${found}`).join('; ');
  return failure('ContentError', {
    code: 'CONTENT_ISSUES',
    message: `${label} does not take ${item.name}: ${words}.`,
    hint: issues.map(({ hint }) => hint).join(' '),
  });
}

/** The name with the ending of what the file has become. */
function renamed(name: string, mime: string): string {
  const ending = mime === 'image/jpeg' ? 'jpg' : mime.replace(/^.*\//, '');
  return `${name.replace(/\.[A-Za-z0-9]{1,5}$/, '')}.${ending}`;
}
