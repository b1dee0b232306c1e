/**
 * Finds the deliveries that are due, leases them in batches and hands them to the lanes of their accounts. Whatever
 * wakes it (the alarm clock, the sweep, its own timer, a person's /post) only says "look": the documents decide.
 */
import { after, newId, SECOND } from '../clock.ts';
import { groupBy } from '../collections.ts';
import type { PostStore } from '../stores.ts';
import type { Account, Delivery } from '../words.ts';
import { deliver } from './deliver.ts';
import { type Claimed, LANE_MAX, Lane } from './lane.ts';
import { type DeliverPorts, settled } from './work.ts';

/** Deliveries claimed with one query. */
export const CLAIM_BATCH = 200;
/** Claimed deliveries in hand at once, over all accounts. */
export const IN_HAND_MAX = 1000;
/** A lease lasts this long and is renewed at a third of it; the work of a dead process comes up again after it. */
export const LEASE_MS = 30 * SECOND;
/** An account that another process works on is looked at again after this. */
const ACCOUNT_BUSY_MS = 2 * SECOND;
/** After a failure of the database the dispatcher rests this long before it looks again. */
const REST_MS = 1 * SECOND;

export interface DispatcherPorts extends DeliverPorts {
  readonly posts: PostStore;
  /** Deliveries of one network that may be under way at once. */
  concurrencyOf(network: string): number;
}

export class Dispatcher {
  readonly #ports: DispatcherPorts;
  readonly #accountToken: string;
  readonly #lanes = new Map<string, Lane>();
  readonly #underWay = new Map<string, number>();
  readonly #inHand = new Map<string, string>();
  readonly #abort = new AbortController();
  readonly #idleWaiters: (() => void)[] = [];
  #looking = false;
  #lookAgain = false;
  #stopping = false;
  #cancelTimer: () => void = () => undefined;
  #cancelRenewal: (() => void) | undefined;
  #lastLook: Date | undefined;

  constructor(ports: DispatcherPorts) {
    this.#ports = ports;
    this.#accountToken = newId(ports.random, 12);
  }

  /** When the dispatcher last looked for due deliveries and the database answered. */
  get lastLook(): Date | undefined {
    return this.#lastLook;
  }

  start(): void {
    this.kick();
  }

  /** Looks for due deliveries soon; calls while a look is under way become one more look. */
  kick(): void {
    if (this.#stopping) return;
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#look();
  }

  /** Resolves when nothing is in hand and nothing is being looked for. */
  idle(): Promise<void> {
    if (!this.#looking && this.#inHand.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Takes nothing new, gives back what has not begun, and lets the steps in hand end; aborts them at `hardStop`. */
  async stop(hardStop: AbortSignal): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    hardStop.addEventListener('abort', () => this.#abort.abort(hardStop.reason), { once: true });
    const now = this.#ports.clock.now();
    await this.#giveBack(
      [...this.#lanes.values()].flatMap((lane) => lane.drain()),
      now,
    );
    await this.idle();
    this.#cancelRenewal?.();
    await this.#ports.accounts.release([...this.#lanes.keys()], this.#accountToken);
  }

  async #look(): Promise<void> {
    try {
      while (this.#lookAgain && !this.#stopping) {
        this.#lookAgain = false;
        while (!this.#stopping && (await this.#claimBatch())) this.#lookAgain = false;
        this.#lastLook = this.#ports.clock.now();
      }
      if (this.#inHand.size === 0) await this.#releaseIdleAccounts();
      if (!this.#stopping) this.#armTimer(await this.#ports.deliveries.nextDue());
    } catch (error) {
      this.#ports.log.error(
        { err: error },
        'the dispatcher could not look for due deliveries; it tries again',
      );
      this.#armTimer(after(this.#ports.clock.now(), REST_MS));
    } finally {
      this.#looking = false;
      if (this.#lookAgain) this.kick();
      this.#settleIdle();
    }
  }

  /** Claims one batch; true when there may be more to claim right now. */
  async #claimBatch(): Promise<boolean> {
    const { clock, random, deliveries } = this.#ports;
    const limit = Math.min(CLAIM_BATCH, IN_HAND_MAX - this.#inHand.size);
    if (limit <= 0) return false;
    const now = clock.now();
    const until = after(now, LEASE_MS);
    const token = newId(random, 12);
    const exceptAccounts = [...this.#lanes.values()]
      .filter((lane) => lane.isFull)
      .map((lane) => lane.accountId);
    const due = await deliveries.claimDue(now, { limit, token, until, exceptAccounts, perAccount: LANE_MAX });
    if (due.length === 0) return false;
    const ours = await this.#acquireAccounts(due, now, until);
    const claimed = await this.#withPostsAndAccounts(due, token);
    await this.#sortIntoLanes(claimed, ours, now);
    this.#renewLater();
    this.#runLanes();
    return due.length === limit;
  }

  /** One worker per account: the accounts whose lanes may run here. */
  async #acquireAccounts(due: readonly Delivery[], now: Date, until: Date): Promise<ReadonlySet<string>> {
    const held = new Set(this.#lanes.keys());
    const fresh = [...new Set(due.map((each) => each.accountId))].filter((id) => !held.has(id));
    if (fresh.length === 0) return held;
    for (const id of await this.#ports.accounts.acquire(fresh, this.#accountToken, now, until)) held.add(id);
    return held;
  }

  /** A post cannot change while its deliveries are leased, so it is read once for all of them. */
  async #withPostsAndAccounts(due: readonly Delivery[], token: string): Promise<readonly Claimed[]> {
    const [posts, accounts] = await Promise.all([
      this.#ports.posts.findMany([...new Set(due.map((each) => each.postId))]),
      this.#ports.accounts.findMany([...new Set(due.map((each) => each.accountId))]),
    ]);
    const postOf = new Map(posts.map((post) => [post.id, post]));
    const accountOf = new Map(accounts.map((account) => [account.id, account]));
    const claimed: Claimed[] = [];
    for (const delivery of due) {
      const post = postOf.get(delivery.postId);
      const account = accountOf.get(delivery.accountId);
      if (post && account) claimed.push({ delivery, token, post, account });
      else await this.#cancelOrphan(delivery, token);
    }
    return claimed;
  }

  async #cancelOrphan(delivery: Delivery, token: string): Promise<void> {
    const now = this.#ports.clock.now();
    this.#ports.log.error(
      { deliveryId: delivery.id },
      'a delivery without its post or account was cancelled',
    );
    await this.#ports.deliveries.write(delivery.id, token, settled('cancelled', now), now);
  }

  async #sortIntoLanes(claimed: readonly Claimed[], ours: ReadonlySet<string>, now: Date): Promise<void> {
    const elsewhere: Claimed[] = [];
    const overfull: Claimed[] = [];
    for (const each of claimed) {
      const { accountId, network, id } = each.delivery;
      const lane = this.#lanes.get(accountId) ?? new Lane(accountId, network);
      if (!ours.has(accountId)) elsewhere.push(each);
      else if (lane.isFull || this.#stopping) overfull.push(each);
      else {
        this.#lanes.set(accountId, lane);
        lane.add(each);
        this.#inHand.set(id, each.token);
      }
    }
    await this.#giveBack(elsewhere, after(now, ACCOUNT_BUSY_MS));
    await this.#giveBack(overfull, now);
  }

  #runLanes(): void {
    for (const lane of this.#lanes.values()) {
      const underWay = this.#underWay.get(lane.network) ?? 0;
      if (lane.running || lane.waiting.length === 0 || underWay >= this.#ports.concurrencyOf(lane.network))
        continue;
      lane.running = true;
      this.#underWay.set(lane.network, underWay + 1);
      void this.#runLane(lane);
    }
  }

  async #runLane(lane: Lane): Promise<void> {
    let refreshed: Account | undefined;
    while (!this.#stopping) {
      const claimed = lane.next();
      if (!claimed) break;
      const account = refreshed ?? claimed.account;
      const { delivery, post, token } = claimed;
      const changed = await deliver(this.#ports, {
        delivery,
        post,
        account,
        token,
        signal: this.#abort.signal,
      });
      this.#inHand.delete(delivery.id);
      // A rate limit or a dead token concerns the whole account: those that wait in the lane must see it.
      if (changed === 'account changed') [refreshed] = await this.#reread(lane.accountId);
    }
    lane.running = false;
    this.#underWay.set(lane.network, (this.#underWay.get(lane.network) ?? 1) - 1);
    this.#runLanes();
    this.kick();
    this.#settleIdle();
  }

  async #reread(accountId: string): Promise<readonly Account[]> {
    try {
      return await this.#ports.accounts.findMany([accountId]);
    } catch (error) {
      this.#ports.log.error({ accountId, err: error }, 'an account could not be read again');
      return [];
    }
  }

  async #giveBack(claimed: readonly Claimed[], dueAgainAt: Date): Promise<void> {
    for (const [token, group] of groupBy(claimed, (each) => each.token)) {
      const ids = group.map((each) => each.delivery.id);
      for (const id of ids) this.#inHand.delete(id);
      await this.#ports.deliveries.giveBack(ids, token, dueAgainAt);
    }
  }

  #armTimer(at: Date | undefined): void {
    this.#cancelTimer();
    if (at && !this.#stopping) this.#cancelTimer = this.#ports.clock.at(at, () => this.kick());
  }

  /** Armed while something is leased; an idle dispatcher has no timer but that of the next due delivery. */
  #renewLater(): void {
    this.#cancelRenewal ??= this.#ports.clock.at(
      after(this.#ports.clock.now(), LEASE_MS / 3),
      () => void this.#renew(),
    );
  }

  async #renew(): Promise<void> {
    this.#cancelRenewal = undefined;
    try {
      const now = this.#ports.clock.now();
      const until = after(now, LEASE_MS);
      const byToken = groupBy(this.#inHand, ([, token]) => token);
      // A lease that is lost already needs no care here: its next write is refused and the work is left.
      await Promise.all(
        [...byToken].map(([token, held]) =>
          this.#ports.deliveries.renew(
            held.map(([id]) => id),
            token,
            until,
          ),
        ),
      );
      await this.#releaseIdleAccounts();
      if (this.#lanes.size > 0)
        await this.#ports.accounts.acquire([...this.#lanes.keys()], this.#accountToken, now, until);
    } catch (error) {
      this.#ports.log.error({ err: error }, 'leases could not be renewed');
    } finally {
      if (this.#inHand.size > 0 || this.#lanes.size > 0) this.#renewLater();
    }
  }

  async #releaseIdleAccounts(): Promise<void> {
    const idle = [...this.#lanes.values()].filter((lane) => !lane.running && lane.waiting.length === 0);
    if (idle.length === 0) return;
    for (const lane of idle) this.#lanes.delete(lane.accountId);
    await this.#ports.accounts.release(
      idle.map((lane) => lane.accountId),
      this.#accountToken,
    );
  }

  #settleIdle(): void {
    if (this.#looking || this.#inHand.size > 0) return;
    for (const wake of this.#idleWaiters.splice(0)) wake();
  }
}
