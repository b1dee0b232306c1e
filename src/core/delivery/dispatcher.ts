/**
 * Finds the deliveries that are due, leases them in batches and hands them to the lanes of their accounts. Whatever
 * wakes it (the alarm clock, the sweep, its own timer, a person's /post) only says "look": the documents decide.
 */
import { after, SECOND } from '../clock.ts';
import type { PostStore } from '../stores.ts';
import type { Account, Delivery } from '../words.ts';
import type { Delivered } from './after-error.ts';
import { Backlog } from './backlog.ts';
import { deliver } from './deliver.ts';
import { type Claimed, LANE_REFILL } from './lane.ts';
import { Lanes, type LanesPorts } from './lanes.ts';
import { Leases } from './leases.ts';
import type { Rush } from './rush.ts';
import { type DeliverPorts, settled } from './work.ts';

/** Deliveries claimed with one query. */
export const CLAIM_BATCH = 200;
/** Claimed deliveries in hand at once, over all accounts. */
export const IN_HAND_MAX = 1000;
/** An account that another process works on is looked at again after this. */
const ACCOUNT_BUSY_MS = 2 * SECOND;
/** After a failure of the database the dispatcher rests this long before it looks again. */
const REST_MS = 1 * SECOND;
/** Alarms of an instant that was looked at already share one more look, so long after it. */
const ECHO_MS = 1 * SECOND;

export interface DispatcherPorts extends Omit<DeliverPorts, 'wakeAt'>, Pick<LanesPorts, 'concurrencyOf'> {
  readonly posts: PostStore;
  readonly rush: Pick<Rush, 'note'>;
}

export class Dispatcher {
  readonly #ports: DispatcherPorts & DeliverPorts;
  readonly #backlog: Backlog;
  readonly #leases: Leases;
  readonly #lanes: Lanes;
  readonly #abort = new AbortController();
  readonly #idleWaiters: (() => void)[] = [];
  #looking = false;
  #lookAgain = false;
  /** Something may be due that the backlog does not show. */
  #isStale = false;
  #stopping = false;
  #cancelTimer: () => void = () => undefined;
  #timerAt: Date | undefined;
  #lastLook: Date | undefined;

  constructor(ports: DispatcherPorts) {
    this.#ports = { ...ports, wakeAt: (at) => this.wakeAt(at) };
    this.#backlog = new Backlog(ports.deliveries, ports.clock);
    this.#leases = new Leases({ ...ports, takeIdleAccounts: () => this.#lanes.takeIdle() });
    this.#lanes = new Lanes({
      concurrencyOf: ports.concurrencyOf,
      work: (claimed) => this.#work(claimed),
      reread: (account) => this.#reread(account),
      taken: ({ room, accountId }) => {
        if (room >= LANE_REFILL && this.#backlog.mayHave(accountId)) this.#wake();
      },
      ended: ({ accountId }) => {
        if (this.#backlog.mayHave(accountId)) this.#wake();
      },
    });
  }

  /** When the dispatcher last looked for due deliveries and the database answered. */
  get lastLook(): Date | undefined {
    return this.#lastLook;
  }

  start(): void {
    this.kick();
  }

  /**
   * Looks for due deliveries soon; calls while a look is under way become one more look. With the instant at which
   * something fell due, an instant that was looked at already is looked at again a little later: a thousand alarms of
   * one moment ask for the same.
   */
  kick(dueAt?: Date): void {
    if (this.#stopping) return;
    const { seenUntil } = this.#backlog;
    if (dueAt && seenUntil && dueAt <= seenUntil) {
      this.wakeAt(after(this.#ports.clock.now(), ECHO_MS));
    } else {
      this.#isStale = true;
      this.#wake();
    }
  }

  /** Looks at this instant too. A timer that is there already is never put off: one that rings in vain costs a look, one that is lost a delivery. */
  wakeAt(at: Date): void {
    if (this.#stopping || (this.#timerAt && this.#timerAt <= at)) return;
    this.#cancelTimer();
    this.#timerAt = at;
    this.#cancelTimer = this.#ports.clock.at(at, () => {
      this.#timerAt = undefined;
      this.kick();
    });
  }

  /** Resolves when nothing is in hand and nothing is being looked for. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Takes nothing new, gives back what has not begun, and lets the steps in hand end; aborts them at `hardStop`. */
  async stop(hardStop: AbortSignal): Promise<void> {
    this.#stopping = true;
    this.#cancelTimer();
    hardStop.addEventListener('abort', () => this.#abort.abort(hardStop.reason), { once: true });
    await this.#giveBack(this.#lanes.drain(), this.#ports.clock.now());
    await this.idle();
    await this.#leases.end();
  }

  get #isIdle(): boolean {
    return !this.#looking && this.#leases.inHand === 0;
  }

  #wake(): void {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#look();
  }

  async #look(): Promise<void> {
    const { clock, deliveries, log } = this.#ports;
    try {
      while (this.#lookAgain && !this.#stopping) {
        this.#lookAgain = false;
        const wasStale = this.#isStale;
        this.#isStale = false;
        if (wasStale) await this.#backlog.read();
        while (!this.#stopping && (await this.#claimBatch()));
        if (!wasStale) continue;
        this.#lastLook = clock.now();
        // What is due already is in the backlog; a timer for it would only ring again and again while its lane is full.
        const next = await deliveries.nextDue(this.#backlog.seenUntil);
        if (next) this.wakeAt(next);
      }
      if (this.#leases.inHand === 0) await this.#leases.releaseAccounts(this.#lanes.takeIdle());
    } catch (error) {
      log.error({ err: error }, 'the dispatcher could not look for due deliveries; it tries again');
      this.wakeAt(after(clock.now(), REST_MS));
    } finally {
      this.#looking = false;
      if (this.#lookAgain && !this.#stopping) this.#wake();
      this.#settleIdle();
    }
  }

  /** Claims one batch; true when it was a full one, so that more can be claimed right now. */
  async #claimBatch(): Promise<boolean> {
    const limit = Math.min(CLAIM_BATCH, IN_HAND_MAX - this.#leases.inHand);
    if (limit <= 0) return false;
    const ids = await this.#backlog.take(limit, (accountId) => this.#lanes.roomOf(accountId));
    if (ids.length === 0) return false;
    const { due, token } = await this.#leases.claim(ids);
    await this.#sortIntoLanes(await this.#withPostsAndAccounts(due, token));
    this.#lanes.run();
    return ids.length === limit;
  }

  /** A post cannot change while its deliveries are leased, so it is read once for all of them. */
  async #withPostsAndAccounts(due: readonly Delivery[], token: string): Promise<readonly Claimed[]> {
    const [posts, accounts] = await Promise.all([
      this.#ports.posts.findMany([...new Set(due.map((each) => each.postId))]),
      // In order: the same accounts are then the same question, which a store may know the answer to.
      this.#ports.accounts.findMany([...new Set(due.map((each) => each.accountId))].sort()),
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

  async #sortIntoLanes(claimed: readonly Claimed[]): Promise<void> {
    const elsewhere: Claimed[] = [];
    for (const each of claimed) {
      const { id, accountId } = each.delivery;
      if (!this.#leases.has(accountId) || this.#stopping) {
        elsewhere.push(each);
        continue;
      }
      this.#lanes.add(each);
      this.#leases.hold(id, each.token);
    }
    const now = this.#ports.clock.now();
    await this.#giveBack(elsewhere, this.#stopping ? now : after(now, ACCOUNT_BUSY_MS));
  }

  /** Ends when the next delivery of the account may begin: the outcome of this one may still be on its way to the database. */
  #work({ delivery, post, account, token }: Claimed): Promise<Delivered> {
    this.#ports.rush.note();
    const { signal } = this.#abort;
    return new Promise((goOn) => {
      const sent = (): void => goOn('done');
      void deliver(this.#ports, { delivery, post, account, token, signal, sent }).then((delivered) => {
        this.#leases.done(delivery.id);
        goOn(delivered);
        // At the end of all work the documents are looked at once more, whatever was seen: that costs one query in a quiet moment.
        if (this.#leases.inHand === 0) this.kick();
        this.#settleIdle();
      });
    });
  }

  async #reread(account: Account): Promise<Account> {
    try {
      const [found] = await this.#ports.accounts.findMany([account.id]);
      return found ?? account;
    } catch (error) {
      this.#ports.log.error({ accountId: account.id, err: error }, 'an account could not be read again');
      return account;
    }
  }

  async #giveBack(claimed: readonly Claimed[], dueAgainAt: Date): Promise<void> {
    if (claimed.length === 0) return;
    await this.#leases.giveBack(claimed, dueAgainAt);
    this.wakeAt(dueAgainAt);
  }

  #settleIdle(): void {
    if (!this.#isIdle) return;
    for (const wake of this.#idleWaiters.splice(0)) wake();
  }
}
