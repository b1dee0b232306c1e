/**
 * Lets a post follow its deliveries: its standing, its card, and the notices about it. Asked for often and from many
 * places, so requests are gathered and worked on in batches.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { groupBy } from '../collections.ts';
import type { Logger } from '../log.ts';
import type { DeliveryStore, NoticeRequest, NoticeStore, PostStore } from '../stores.ts';
import type { Delivery, Post, PostStanding } from '../words.ts';
import type { Rush } from './rush.ts';
import { isOpen, isRemovalRefused, needsPerson, ofTargets, SETTLED, standingOf } from './standing.ts';

/** The one notice that stands for redrawing the card of a post. */
export const cardNoticeId = (postId: string): string => `${postId}.card`;

/** Posts rolled up with one round of queries. */
const BATCH = 200;

export interface RollUpPorts {
  readonly posts: PostStore;
  readonly deliveries: DeliveryStore;
  readonly notices: NoticeStore;
  /** There is something to tell. */
  noticesWaiting(): void;
  readonly rush: Pick<Rush, 'over'>;
  readonly clock: Clock;
  readonly log: Logger;
}

export class RollUps {
  readonly #ports: RollUpPorts;
  readonly #waiting = new Map<string, string>();
  #working: Promise<void> | undefined;

  constructor(ports: RollUpPorts) {
    this.#ports = ports;
  }

  /** The post's deliveries changed; its standing follows soon. */
  changed(delivery: { workspaceId: string; postId: string }): void {
    this.#waiting.set(delivery.postId, delivery.workspaceId);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      // What arrived between the last look at the list and now.
      if (this.#waiting.size > 0) this.changed(delivery);
    });
  }

  /** Resolves when every change told so far has been followed. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting.size > 0) {
      // In a rush a post changes several times within a moment; waiting a little makes one roll-up of these.
      await this.#ports.rush.over();
      const batch = [...this.#waiting].slice(0, BATCH);
      for (const [postId] of batch) this.#waiting.delete(postId);
      try {
        await this.#rollUp(batch);
      } catch (error) {
        // The sweep finds posts whose standing was left behind.
        this.#ports.log.error(
          { err: error, posts: batch.length },
          'posts could not be rolled up; the sweep will',
        );
      }
    }
  }

  async #rollUp(batch: readonly (readonly [string, string])[]): Promise<void> {
    // Taken before the documents are read: what changes meanwhile is newer than this roll-up and asks for its own.
    const at = this.#ports.clock.now();
    const { posts, deliveries, notices } = this.#ports;
    const ids = batch.map(([postId]) => postId);
    // Posts before deliveries: a roll-up by somebody else in between is then noticed by the count of roll-ups.
    const found = await posts.findMany(ids);
    const deliveriesOf = groupBy(await deliveries.ofManyPosts(ids), (delivery) => delivery.postId);
    const changed = found.flatMap((post) => changeOf(post, ofTargets(post, deliveriesOf.get(post.id) ?? [])));
    // Notices first: one that is told too early shows the state of that moment; one that a crash loses is never told.
    await notices.requestMany(
      changed.flatMap((each) => each.notices),
      at,
    );
    // A person's cancel is the truth that its deliveries follow: what was read before it must not undo it.
    const derived = changed.filter(({ post }) => post.standing !== 'cancelled');
    const written = await posts.rollUp(
      derived.map(({ post, standing }) => ({ id: post.id, rollUps: post.rollUps, standing })),
      at,
    );
    if (!written) for (const { post } of derived) this.#waiting.set(post.id, post.workspaceId);
    if (changed.length > 0) this.#ports.noticesWaiting();
  }
}

interface Change {
  readonly post: Post;
  readonly standing: PostStanding;
  readonly notices: readonly NoticeRequest[];
}

/** What follows for a post from its deliveries; nothing when they say nothing new. Pure. */
function changeOf(post: Post, deliveries: readonly Delivery[]): readonly Change[] {
  if (deliveries.length === 0 || post.standing === 'draft') return [];
  const standing = standingOf(deliveries);
  // The sweep asks about every open post; one that did not change since needs no new card.
  if (standing === post.standing && deliveries.every((each) => each.updatedAt < post.updatedAt)) return [];
  return [{ post, standing, notices: noticesFor(post, deliveries) }];
}

/** What is to be told about a post as it stands: its card always, an outcome when all is settled, a question when a person is needed. Pure. */
export function noticesFor(post: Post, deliveries: readonly Delivery[]): readonly NoticeRequest[] {
  const base = {
    workspaceId: post.workspaceId,
    postId: post.id,
    frontend: post.origin.conversation.frontend,
  };
  const notices: NoticeRequest[] = [{ ...base, id: cardNoticeId(post.id), kind: 'card' }];
  const asking = deliveries.filter(needsPerson);
  if (asking.length > 0) {
    notices.push({ ...base, id: `${post.id}.question.${digest(asking)}`, kind: 'question' });
  } else if (!deliveries.some(isOpen)) {
    const told = deliveries.filter((each) => SETTLED.has(each.state) && !isCancelled(each));
    // What a person cancelled was answered to that person at once; it is no news, nor is the rest told again.
    const isNews =
      told.some(isRemovalRefused) || lastSettled(told) >= lastSettled(deliveries.filter(isCancelled));
    if (told.length > 0 && isNews)
      notices.push({ ...base, id: `${post.id}.outcome.${digest(told)}`, kind: 'outcome' });
  }
  return notices;
}

const isCancelled = (delivery: Delivery): boolean => delivery.state === 'cancelled';
const lastSettled = (deliveries: readonly Delivery[]): number =>
  Math.max(0, ...deliveries.map((each) => each.settledAt?.getTime() ?? 0));

/** A short fingerprint: the same states, settled at the same instants, are told once; a new round is told again. */
function digest(deliveries: readonly Delivery[]): string {
  const facts = deliveries
    .map((each) =>
      [
        ...[each.id, each.state, each.settledAt?.getTime() ?? '', each.looks, each.failures],
        each.error?.code ?? '',
        // Each refusal to remove is a round of its own; the instant is still that of publishing.
        ...(isRemovalRefused(each) ? [each.attempts.at(-1)?.id] : []),
      ].join(':'),
    )
    .sort();
  return createHash('sha256').update(facts.join('|')).digest('base64url').slice(0, 16);
}
