/**
 * Lets a post follow its deliveries: its standing, its card, and the notices about it. Asked for often and from many
 * places, so requests are gathered and worked on in batches.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { groupBy } from '../collections.ts';
import type { Logger } from '../log.ts';
import type { DeliveryStore, Notice, NoticeStore, PostStore } from '../stores.ts';
import type { Delivery, Post } from '../words.ts';
import { isOpen, needsPerson, SETTLED, standingOf } from './standing.ts';

/** Posts rolled up with one pair of queries. */
const BATCH = 100;

export interface RollUpPorts {
  readonly posts: PostStore;
  readonly deliveries: DeliveryStore;
  readonly notices: NoticeStore;
  /** There is something to tell. */
  noticesWaiting(): void;
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
    const posts = await this.#ports.posts.findMany(batch.map(([postId]) => postId));
    const deliveries = await this.#deliveriesOf(posts);
    await Promise.all(posts.map((post) => this.#rollUpOne(post, deliveries.get(post.id) ?? [], at)));
    this.#ports.noticesWaiting();
  }

  async #deliveriesOf(posts: readonly Post[]): Promise<Map<string, Delivery[]>> {
    const found: Delivery[] = [];
    for (const [workspaceId, ofWorkspace] of groupBy(posts, (post) => post.workspaceId)) {
      found.push(
        ...(await this.#ports.deliveries.ofPosts(
          workspaceId,
          ofWorkspace.map((post) => post.id),
        )),
      );
    }
    return groupBy(found, (delivery) => delivery.postId);
  }

  async #rollUpOne(post: Post, deliveries: readonly Delivery[], at: Date): Promise<void> {
    if (deliveries.length === 0 || post.standing === 'draft') return;
    const standing = standingOf(deliveries);
    // The sweep asks about every open post; one that did not change since needs no new card.
    if (standing === post.standing && deliveries.every((each) => each.updatedAt < post.updatedAt)) return;
    // Notices first: one that is told too early shows the state of that moment; one that a crash loses is never told.
    for (const notice of noticesFor(post, deliveries)) await this.#ports.notices.request(notice, at);
    // A person's cancel is the truth that its deliveries follow: what was read before it must not undo it.
    if (post.standing === 'cancelled') return;
    const written = await this.#ports.posts.rollUp(post.id, post.rollUps, standing, at);
    if (!written) this.#waiting.set(post.id, post.workspaceId);
  }
}

type NoticeRequest = Pick<Notice, 'id' | 'workspaceId' | 'postId' | 'kind' | 'frontend'>;

/** What is to be told about a post as it stands: its card always, an outcome when all is settled, a question when a person is needed. Pure. */
export function noticesFor(post: Post, deliveries: readonly Delivery[]): readonly NoticeRequest[] {
  const base = {
    workspaceId: post.workspaceId,
    postId: post.id,
    frontend: post.origin.conversation.frontend,
  };
  const notices: NoticeRequest[] = [{ ...base, id: `${post.id}.card`, kind: 'card' }];
  const asking = deliveries.filter(needsPerson);
  if (asking.length > 0) {
    notices.push({ ...base, id: `${post.id}.question.${digest(asking)}`, kind: 'question' });
  } else if (!deliveries.some(isOpen)) {
    const told = deliveries.filter((each) => SETTLED.has(each.state) && !byPerson(each));
    // What a person cancelled or removed was answered to that person at once; it is no news, nor is the rest told again.
    const isNews = lastSettled(told) >= lastSettled(deliveries.filter(byPerson));
    if (told.length > 0 && isNews)
      notices.push({ ...base, id: `${post.id}.outcome.${digest(told)}`, kind: 'outcome' });
  }
  return notices;
}

const byPerson = (delivery: Delivery): boolean =>
  delivery.state === 'cancelled' || delivery.state === 'removed';
const lastSettled = (deliveries: readonly Delivery[]): number =>
  Math.max(0, ...deliveries.map((each) => each.settledAt?.getTime() ?? 0));

/** A short fingerprint: the same states, settled at the same instants, are told once; a new round is told again. */
function digest(deliveries: readonly Delivery[]): string {
  const facts = deliveries
    .map(
      (each) =>
        `${each.id}:${each.state}:${each.settledAt?.getTime() ?? ''}:${each.looks}:${each.failures}:${each.error?.code ?? ''}`,
    )
    .sort();
  return createHash('sha256').update(facts.join('|')).digest('base64url').slice(0, 16);
}
