/**
 * Videos that a network does not take, made anew when a person asks for it. It goes on in the background, and the draft's card tells
 * how far it is. The original stays with the post; the copy goes only to the accounts that it was made for.
 */
import { after, SECOND } from '../clock.ts';
import { asCarillonError, type CarillonError, usageError } from '../errors.ts';
import { createGate } from '../gate.ts';
import type { Logger } from '../log.ts';
import type { VideoConverter } from '../media.ts';
import type { Publisher } from '../publisher.ts';
import type { PostStore } from '../stores.ts';
import type { Account, Post, StoredMedia } from '../words.ts';
import { type ConversionOffer, offersOf } from './conversion-offers.ts';
import { type ConvertPorts, convertVideo } from './convert-video.ts';
import { changedMeanwhile } from './hold.ts';
import type { PostView } from './post-view.ts';

/** What is told on the card of a draft. */
export type ConversionStanding =
  | {
      readonly state: 'possible';
      readonly offers: readonly ConversionOffer[];
      readonly error?: CarillonError;
    }
  | { readonly state: 'running'; readonly fraction: number };

export interface ConversionService {
  /** How it stands with the draft's videos; undefined where there is nothing to convert, or nothing to convert with. */
  standingOf(view: PostView): Promise<ConversionStanding | undefined>;
  /** Begins, and answers at once. Errors: ACTION_STALE. */
  start(view: PostView): Promise<void>;
  /** Ends what runs; the draft stays as it was. */
  stop(postId: string): Promise<void>;
  idle(): Promise<void>;
  /** Ends everything that runs. */
  close(): Promise<void>;
}

export interface ConversionPorts extends ConvertPorts {
  readonly posts: PostStore;
  /** Undefined when the machine has none. */
  findConverter(): Promise<VideoConverter | undefined>;
  publisherFor(account: Account): Publisher | undefined;
  /** The card of the post is to be drawn anew. */
  redraw(post: Post): Promise<void>;
  readonly log: Logger;
}

/** One at a time: an encoder takes every core that it gets. */
const AT_ONCE = 1;
/** How often the card tells how far it is; chats bound edits. */
const TELL_EVERY_MS = 5 * SECOND;
/** Failures that are remembered for the card. */
const REMEMBERED = 100;

interface Offered {
  readonly converter: VideoConverter;
  readonly offers: readonly ConversionOffer[];
}

interface Run {
  readonly control: AbortController;
  fraction: number;
  ended: Promise<void>;
}

export function createConversionService(ports: ConversionPorts): ConversionService {
  const { clock, log } = ports;
  const gate = createGate(AT_ONCE);
  const running = new Map<string, Run>();
  /** Also those that have ended and are still to be told. */
  const works = new Set<Run>();
  const failures = new Map<string, CarillonError>();

  async function offersFor({ post, accounts }: PostView): Promise<Offered | undefined> {
    const wanted = accounts.flatMap((account) => offersOf(post, account, ports.publisherFor(account)));
    const converter = wanted.length > 0 ? await ports.findConverter() : undefined;
    const offers = converter ? wanted.filter(({ item }) => converter.takes(item)) : [];
    return converter && offers.length > 0 ? { converter, offers } : undefined;
  }

  async function convertAll(post: Post, { converter, offers }: Offered, run: Run): Promise<void> {
    const made = new Map<string, StoredMedia>();
    let media = post.media;
    let tellAt = clock.now();
    for (const [index, offer] of offers.entries()) {
      const { item, account, plan } = offer;
      // Networks with equal rules share a copy.
      const key = JSON.stringify([item.sha256, plan]);
      const progress = (fraction: number): void => {
        run.fraction = (index + fraction) / offers.length;
        if (clock.now() < tellAt) return;
        tellAt = after(clock.now(), TELL_EVERY_MS);
        void keepTelling(post, run);
      };
      const how = { workspaceId: post.workspaceId, signal: run.control.signal, progress };
      const copy = made.get(key) ?? (await convertVideo(ports, converter, offer, how));
      made.set(key, copy);
      media = media.map((each) =>
        each.sha256 === item.sha256
          ? { ...each, conversions: { ...each.conversions, [account.id]: copy } }
          : each,
      );
    }
    const patch = { media, updatedAt: clock.now() };
    const changed = await ports.posts.change(post.workspaceId, post.id, post.revision, patch);
    if (!changed) throw changedMeanwhile(post.id);
  }

  /** A post that was cancelled or edited meanwhile needs no copy any more. */
  async function keepTelling(post: Post, { control }: Run): Promise<void> {
    try {
      const now = await ports.posts.find(post.workspaceId, post.id);
      if (now?.revision === post.revision) await ports.redraw(post);
      else control.abort(changedMeanwhile(post.id));
    } catch (error) {
      log.debug({ postId: post.id, err: error }, 'how far a conversion is could not be told');
    }
  }

  async function work(post: Post, offered: Offered, run: Run): Promise<void> {
    try {
      await gate(() => convertAll(post, offered, run));
    } catch (error) {
      const problem = asCarillonError(error);
      log.warn({ postId: post.id, err: problem }, 'a video was not converted');
      if (!run.control.signal.aborted) remember(post.id, problem);
    } finally {
      running.delete(post.id);
    }
    await ports.redraw(post).catch((error: unknown) => {
      log.warn({ postId: post.id, err: error }, 'the end of a conversion could not be told');
    });
  }

  function remember(postId: string, problem: CarillonError): void {
    failures.set(postId, problem);
    const [oldest] = failures.keys();
    if (failures.size > REMEMBERED && oldest !== undefined) failures.delete(oldest);
  }

  async function allEnded(): Promise<void> {
    await Promise.all([...works].map(({ ended }) => ended));
  }

  return {
    async standingOf(view) {
      const run = running.get(view.post.id);
      if (run) return { state: 'running', fraction: run.fraction };
      if (view.post.standing !== 'draft') return undefined;
      const offered = await offersFor(view);
      const error = failures.get(view.post.id);
      return offered && { state: 'possible', offers: offered.offers, ...(error ? { error } : {}) };
    },

    async start(view) {
      const { post } = view;
      const offered = post.standing === 'draft' ? await offersFor(view) : undefined;
      if (!offered) throw nothingToConvert(post);
      if (running.has(post.id)) return;
      failures.delete(post.id);
      const run: Run = { control: new AbortController(), fraction: 0, ended: Promise.resolve() };
      running.set(post.id, run);
      run.ended = work(post, offered, run).finally(() => works.delete(run));
      works.add(run);
    },

    async stop(postId) {
      const run = running.get(postId);
      run?.control.abort(stopped());
      await run?.ended;
    },

    idle: allEnded,

    async close() {
      for (const { control } of running.values()) control.abort(stopped());
      await allEnded();
    },
  };
}

function stopped(): CarillonError {
  return usageError('ACTION_STALE', 'The conversion was stopped.', 'The draft is as it was before.');
}

function nothingToConvert({ id }: Post): CarillonError {
  return usageError(
    'ACTION_STALE',
    `There is no video of #${id} that can be converted (any more).`,
    `Use /show post:#${id} to see how it stands.`,
  );
}
