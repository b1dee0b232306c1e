/**
 * Tells outcomes in the chat where a post began: takes notices from the outbox, draws the post as it stands at that
 * moment, and sends or edits. A failing chat never changes a delivery.
 */

import type { ChatGateway } from '../chat.ts';
import { after, type Clock, MINUTE, newId, type Random, SECOND } from '../clock.ts';
import { asCarillonError, type CarillonError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Reply } from '../reply.ts';
import type { Notice, NoticeStore, PostStore } from '../stores.ts';
import type { Post } from '../words.ts';
import type { Rush } from './rush.ts';

const BATCH = 20;
const LEASE_MS = MINUTE;
/** The pause after the first failure of a chat, doubled each time. */
const PAUSE_MS = 2 * SECOND;
const PAUSE_MAX_MS = 15 * MINUTE;
/** With the pauses above, about two days: a chat that is away longer has its notices marked dead; /show tells the outcome still. */
const FAILURES_MAX = 200;
/** A notice that we cannot even draw or send for a fault of our own is not tried for days. */
const BUG_FAILURES_MAX = 5;

export interface NotifierPorts {
  readonly notices: NoticeStore;
  readonly posts: PostStore;
  readonly gateways: readonly ChatGateway[];
  /** The card or the notice of a post as it stands now; undefined when there is nothing to tell any more. */
  draw(post: Post, notice: Notice): Promise<Reply | undefined>;
  readonly rush: Pick<Rush, 'over'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export class Notifier {
  readonly #ports: NotifierPorts;
  readonly #frontends: readonly string[];
  #working: Promise<void> | undefined;
  #again = false;
  #stopping = false;
  #cancelTimer: () => void = () => undefined;

  constructor(ports: NotifierPorts) {
    this.#ports = ports;
    this.#frontends = ports.gateways.map((gateway) => gateway.frontend);
  }

  /** There may be something to tell. */
  kick(): void {
    if (this.#stopping || this.#frontends.length === 0) return;
    this.#again = true;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#again) this.kick();
    });
  }

  /** Resolves when everything that can be told now has been told. */
  async idle(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    await this.idle();
  }

  async #work(): Promise<void> {
    const { clock, random, notices, log } = this.#ports;
    try {
      while (this.#again && !this.#stopping) {
        await this.#ports.rush.over();
        this.#again = false;
        const token = newId(random, 12);
        const claimed = await notices.claim(
          clock.now(),
          this.#frontends,
          { token, until: after(clock.now(), LEASE_MS) },
          BATCH,
        );
        if (claimed.length > 0) this.#again = true;
        // One message after another: in each conversation the order of events stays the order of messages.
        for (const notice of claimed) await this.#tell(notice, token);
      }
      this.#armTimer(await notices.nextDue(this.#frontends));
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be read; it is tried again');
      this.#armTimer(after(clock.now(), PAUSE_MS));
    }
  }

  async #tell(notice: Notice, token: string): Promise<void> {
    const { posts, notices, clock } = this.#ports;
    try {
      const post = await posts.find(notice.workspaceId, notice.postId);
      const reply = post && (await this.#ports.draw(post, notice));
      if (post && reply) await this.#deliver(post, notice, reply);
      await notices.finish(notice.id, token, notice.version, 'told', clock.now());
    } catch (error) {
      await this.#afterFailure(notice, token, asCarillonError(error));
    }
  }

  async #deliver(post: Post, notice: Notice, reply: Reply): Promise<void> {
    const gateway = this.#ports.gateways.find((each) => each.frontend === notice.frontend);
    if (!gateway) return;
    if (notice.kind === 'card') {
      // No card yet: the answer to the command is still on its way and will show the newest state itself.
      if (post.card) await gateway.edit(post.card, reply);
      return;
    }
    const { conversation, person } = post.origin;
    const replyTo = post.card?.messageId;
    await gateway.send(
      { conversation, person, ...(replyTo === undefined ? {} : { replyTo }) },
      reply,
      notice.id,
    );
  }

  async #afterFailure(notice: Notice, token: string, error: CarillonError): Promise<void> {
    const { notices, clock, log } = this.#ports;
    const failures = notice.failures + 1;
    const dead =
      error.code === 'CHAT_UNREACHABLE' ||
      failures > (error.kind === 'Bug' ? BUG_FAILURES_MAX : FAILURES_MAX);
    log.warn({ noticeId: notice.id, postId: notice.postId, err: error, dead }, 'a notice could not be told');
    if (dead) return notices.finish(notice.id, token, notice.version, 'dead', clock.now());
    const pause = Math.min(PAUSE_MS * 2 ** Math.min(failures - 1, 20), PAUSE_MAX_MS);
    const at = error.next.do === 'at' ? error.next.at : after(clock.now(), pause);
    await notices.retryAt(notice.id, token, failures, at);
  }

  #armTimer(at: Date | undefined): void {
    this.#cancelTimer();
    if (at && !this.#stopping) this.#cancelTimer = this.#ports.clock.at(at, () => this.kick());
  }
}
