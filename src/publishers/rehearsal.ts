/**
 * A rehearsal of a network: the same rules, checks and media work, in the same steps (media first, then the one creating
 * call); the last step writes to the local wall instead of the network. The bot is fully usable before any network
 * approves an app.
 */

import { Readable } from 'node:stream';
import type { Capabilities } from '../core/capabilities.ts';
import { after, newId, SECOND } from '../core/clock.ts';
import { coverOf } from '../core/cover.ts';
import { CarillonError, failure } from '../core/errors.ts';
import { formatOf, rulesFor } from '../core/formats.ts';
import type { BlobStore } from '../core/media.ts';
import { copied } from '../core/pieces.ts';
import { POLL_MINUTES_DEFAULT } from '../core/poll.ts';
import type {
  PreparedMedia,
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../core/publisher.ts';
import type { Wall, WallEntry, WallMedia } from '../core/wall.ts';
import { type NetworkRules, validateBy } from './network-rules.ts';
import { refuseWhenStopped } from './stopped.ts';
import { type NextPost, nextPost } from './thread.ts';

export interface RehearsalPorts {
  readonly wall: Wall;
  /** Keeps the fitted media, so that the wall can show them. */
  readonly blobs: BlobStore;
  /** The address of the page that shows the wall. */
  wallAddress?(): string | undefined;
}

/** A wall has no rate limit, and entries of one instant share one write: many at once are cheaper than few. */
const CONCURRENCY = 256;
/** A write whose answer was lost may still be on its way for this long; before that an absence proves nothing. */
const SETTLING_MS = 2 * SECOND;
/** 32^16 ids: two of them never meet. */
const ENTRY_ID_LENGTH = 16;

interface RehearsalCheckpoint {
  readonly media: readonly WallMedia[];
}

export function createRehearsalPublisher(rules: NetworkRules, ports: RehearsalPorts): Publisher {
  const capabilities = rehearsalCapabilities(rules.capabilities);
  const rehearsed: NetworkRules = { ...rules, capabilities };
  return {
    network: rules.network,
    label: rules.label,
    capabilities,
    validate: (content) => validateBy(rehearsed, content),
    publish: (context) => publish(rehearsed, ports, context),
    reconcile: (context) => reconcile(ports, context),
    // The wall's address names an entry by its id.
    locate: async ({ url }) => (url.hash.length > 1 ? { id: url.hash.slice(1) } : 'no address'),
    async remove({ id, signal }) {
      refuseWhenStopped(signal);
      await ports.wall.remove(id).catch((cause: unknown) => {
        throw unavailable(cause);
      });
    },
    async identify() {
      return {
        remoteId: `rehearsal-${rules.network}`,
        handle: 'rehearsal',
        name: `${rules.label} rehearsal`,
      };
    },
  };
}

/** The wall stands in for the board of the account, needs no public address to show a picture, and takes as much as comes. */
function rehearsalCapabilities({ quotas: _none, ...capabilities }: Capabilities): Capabilities {
  return {
    ...capabilities,
    ...(capabilities.board ? { board: { required: false } } : {}),
    needsPublicAddress: false,
    removable: true,
    concurrency: CONCURRENCY,
  };
}

async function publish(
  rules: NetworkRules,
  ports: RehearsalPorts,
  context: PublishContext,
): Promise<PublishOutcome> {
  const { content, clock, signal } = context;
  refuseWhenStopped(signal);
  const next = nextPost(rules.capabilities, context);
  if (!next) return published(ports, { id: context.parts?.at(-1)?.id ?? '' });
  // Pictures and videos stand on the first part of a thread.
  const items = next.answers ? [] : content.media;
  const stored = next.answers ? [] : storedSoFar(context);
  const item = items[stored.length];
  if (item !== undefined) {
    context.progress(`storing ${item.kind} ${stored.length + 1} of ${items.length}`);
    const checkpoint: RehearsalCheckpoint = { media: [...stored, await keep(ports.blobs, item, signal)] };
    return { state: 'pending', checkpoint: { ...checkpoint }, lookAgainAt: clock.now() };
  }
  const entry = entryFor(rules, context, next, stored);
  await context.creating({
    text: entry.text,
    ...(entry.link ? { link: entry.link } : {}),
    mediaCount: stored.length,
    ...(next.part ? { part: next.part } : {}),
  });
  try {
    await ports.wall.add(entry);
  } catch (cause) {
    throw failure('OutcomeUnknown', {
      code: 'OUTCOME_UNKNOWN',
      message: 'The wall did not confirm the entry.',
      hint: 'Nothing to do: it will be looked up before anything is written again.',
      cause,
    });
  }
  const { id, url } = published(ports, entry);
  return { state: next.isLast ? 'published' : 'part', id, ...(url ? { url } : {}) };
}

async function keep(blobs: BlobStore, media: PreparedMedia, signal: AbortSignal): Promise<WallMedia> {
  try {
    const { sha256, kind, mime, bytes, width, height, alt } = media;
    // What needed no fitting is in the store already; only fitted bytes are new.
    if (!(await blobs.has(sha256)))
      await blobs.write(Readable.from(copied(media.open())), { maxBytes: bytes, signal });
    return { sha256, kind, mime, bytes, width, height, ...(alt ? { alt } : {}) };
  } catch (error) {
    if (error instanceof CarillonError) throw error;
    refuseWhenStopped(signal);
    throw unavailable(error);
  }
}

/** The parts of the content that the network would show; the rest was told as warnings. */
function entryFor(
  rules: NetworkRules,
  context: PublishContext,
  { text, part, answers }: NextPost,
  media: readonly WallMedia[],
): WallEntry {
  const { account, content, clock, random } = context;
  const capabilities = rulesFor(rules.capabilities, content);
  const link = capabilities.link === 'card' || capabilities.link === 'destination' ? content.link : undefined;
  const title = capabilities.title ? content.title : undefined;
  const board = capabilities.board ? content.board : undefined;
  const firstComment = capabilities.firstComment ? content.firstComment : undefined;
  const format = formatOf(rules.capabilities, content);
  const { poll: options, pollMinutes: minutes = POLL_MINUTES_DEFAULT, replies } = content;
  return {
    id: newId(random, ENTRY_ID_LENGTH),
    workspaceId: account.workspaceId,
    network: rules.network,
    account: account.id,
    handle: account.handle,
    post: context.postId,
    delivery: context.deliveryId,
    ...(format ? { format } : {}),
    // A story shows no words; that was told before.
    text: capabilities.text.shown === false ? '' : text,
    ...(part ? { part } : {}),
    ...(answers ? { answers: answers.id } : {}),
    ...(title ? { title } : {}),
    ...(link ? { link } : {}),
    ...(board ? { board } : {}),
    ...(firstComment ? { firstComment } : {}),
    ...(capabilities.poll && options && !answers ? { poll: { options, minutes } } : {}),
    ...(replies && !answers && capabilities.replies?.includes(replies) ? { replies } : {}),
    media: withCover(rules.capabilities, content, media).map(({ alt, ...rest }) =>
      alt && capabilities.altText ? { ...rest, alt } : rest,
    ),
    at: clock.now(),
  };
}

/** Which picture is the cover of the video, or which second of it. */
function withCover(
  capabilities: Capabilities,
  content: PublishContext['content'],
  media: readonly WallMedia[],
): readonly WallMedia[] {
  const cover = coverOf(capabilities, content);
  if (!cover) return media;
  return media.map((item) => {
    if (item.kind === 'video') return cover === 'picture' ? item : { ...item, coverSecond: cover.second };
    return cover === 'picture' ? { ...item, isCover: true } : item;
  });
}

async function reconcile(ports: RehearsalPorts, context: ReconcileContext): Promise<ReconcileOutcome> {
  refuseWhenStopped(context.signal);
  const entry = await ports.wall
    .findByDelivery(context.deliveryId, context.intent.part?.number)
    .catch((cause: unknown) => {
      throw unavailable(cause);
    });
  if (entry) return published(ports, entry);
  const settledAt = after(context.sentAt, SETTLING_MS);
  if (context.clock.now() < settledAt) return { state: 'unknown', lookAgainAt: settledAt };
  return { state: 'absent' };
}

function published(
  ports: RehearsalPorts,
  { id }: Pick<WallEntry, 'id'>,
): { state: 'published'; id: string; url?: string } {
  const address = ports.wallAddress?.();
  return { state: 'published', id, ...(address ? { url: `${address}#${id}` } : {}) };
}

/** What the checkpoint says of the media as they are now; after an edit, from the first that differs it says nothing. */
function storedSoFar({ checkpoint, content }: PublishContext): readonly WallMedia[] {
  // Written by `publish` above and by nobody else, so its shape is known.
  const media = Array.isArray(checkpoint?.media) ? (checkpoint.media as readonly WallMedia[]) : [];
  const changed = media.findIndex(({ sha256, alt }, index) => {
    const item = content.media[index];
    return item?.sha256 !== sha256 || item.alt !== alt;
  });
  return changed < 0 ? media : media.slice(0, changed);
}

function unavailable(cause: unknown): CarillonError {
  return failure('PlatformUnavailable', {
    code: 'PLATFORM_UNAVAILABLE',
    message: 'The wall cannot be reached; nothing was published.',
    hint: 'It is tried again by itself. If it goes on, look at /health.',
    cause,
  });
}
