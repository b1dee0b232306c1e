/**
 * Writes under a lease. Workers journal every step, so many small writes come at the same time; those of one turn of the
 * event loop, and those that arrive while a bulk is under way, share the next bulk: one round trip and one commit for all.
 */
import mongoose from 'mongoose';
import { ATTEMPTS_KEPT } from '../core/delivery/journal.ts';
import { failure } from '../core/errors.ts';
import type { DeliveryPatch } from '../core/stores.ts';
import { wasNotSent } from './bulk-writer.ts';
import type { DeliveryDocument, DeliveryModel } from './delivery-model.ts';
import { setAndUnset } from './schema.ts';

/** Writes in one bulk; past it the first caller would wait for too many others. */
const BULK_MAX = 200;

interface PendingWrite {
  readonly id: string;
  readonly token: string;
  readonly stamp: string;
  readonly update: Record<string, unknown>;
  resolve(isOurs: boolean): void;
  reject(error: unknown): void;
}

export class DeliveryWriter {
  readonly #model: DeliveryModel;
  #pending: PendingWrite[] = [];
  #isBusy = false;
  #count = 0;

  constructor(model: DeliveryModel) {
    this.#model = model;
  }

  /** True when the lease was still ours and the change is stored; false when it is somebody else's and nothing was changed. */
  write(id: string, token: string, patch: DeliveryPatch, at: Date): Promise<boolean> {
    this.#count += 1;
    // A token is made for one claim in one process, so token and count are unique over all processes.
    const stamp = `${token}.${this.#count}`;
    return new Promise((resolve, reject) => {
      refuseUnleasedMoment(id, patch);
      this.#pending.push({ id, token, stamp, update: updateOf(patch, stamp, at), resolve, reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      // Not a microtask: callers that continue after the same event should all be in.
      setImmediate(() => void this.#drain());
    });
  }

  /** One bulk at a time, which also keeps the writes of each delivery in their order. */
  async #drain(): Promise<void> {
    while (this.#pending.length > 0) await this.#send(this.#takeBulk());
    this.#isBusy = false;
  }

  /** The next writes, one for each delivery at most: within an unordered bulk there is no first and second. */
  #takeBulk(): PendingWrite[] {
    const bulk = new Map<string, PendingWrite>();
    const later: PendingWrite[] = [];
    for (const write of this.#pending) {
      if (bulk.size < BULK_MAX && !bulk.has(write.id)) bulk.set(write.id, write);
      else later.push(write);
    }
    this.#pending = later;
    return [...bulk.values()];
  }

  /** Every caller gets its own answer, or its own error; never throws. */
  async #send(bulk: readonly PendingWrite[]): Promise<void> {
    const operations = bulk.map(({ id, token, update }) => ({
      updateOne: { filter: { _id: id, 'lease.token': token }, update },
    }));
    try {
      // Past Mongoose's casting, which costs more than the write: `updateOf` writes only what the port's types allow.
      const result = await this.#model.collection.bulkWrite(operations as never, { ordered: false });
      const stored = result.matchedCount === bulk.length ? undefined : await this.#stampsOf(bulk);
      for (const each of bulk) each.resolve(stored === undefined || stored.has(each.stamp));
    } catch (error) {
      await this.#settleFailed(bulk, error);
    }
  }

  /**
   * A bulk tells only how many it met, so the stamps are read back. A write whose lease was given back with it could be
   * overwritten by the next owner within this moment and be told as lost; its caller then leaves the delivery to that
   * owner, which is right as well.
   */
  async #stampsOf(bulk: readonly PendingWrite[]): Promise<ReadonlySet<string | undefined>> {
    const found = await this.#model
      .find({ _id: { $in: bulk.map((each) => each.id) } }, { stamp: 1 })
      .lean<Pick<DeliveryDocument, 'stamp'>[]>();
    return new Set(found.map((document) => document.stamp));
  }

  async #settleFailed(bulk: readonly PendingWrite[], error: unknown): Promise<void> {
    // One value that cannot be stored keeps the driver from sending any of the bulk: the others go without it.
    if (bulk.length > 1 && wasNotSent(error)) {
      for (const each of bulk) await this.#send([each]);
      return;
    }
    const writeErrors = error instanceof mongoose.mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [];
    if (writeErrors.length === 0) {
      for (const each of bulk) each.reject(error);
      return;
    }
    try {
      const refused = new Map(writeErrors.map((each) => [each.index, each]));
      const stored = await this.#stampsOf(bulk);
      for (const [index, each] of bulk.entries()) {
        const reason = refused.get(index);
        if (reason === undefined) each.resolve(stored.has(each.stamp));
        else each.reject(reason);
      }
    } catch (second) {
      for (const each of bulk) each.reject(second);
    }
  }
}

/** While a lease lasts, the next attempt is its end; another instant would let the claim take what is leased. */
function refuseUnleasedMoment(id: string, patch: DeliveryPatch): void {
  if (patch.nextAttemptAt === undefined || patch.release === true) return;
  throw failure('Bug', {
    code: 'BUG',
    message: `The next attempt of delivery ${id} was to change without giving the lease back.`,
    hint: 'Set `release` together with `nextAttemptAt`.',
  });
}

function updateOf(patch: DeliveryPatch, stamp: string, at: Date): Record<string, unknown> {
  const { release, attempts, ...values } = patch;
  const { $set, $unset } = setAndUnset({
    ...values,
    attempts: attempts?.slice(-ATTEMPTS_KEPT),
    lease: release === true ? null : undefined,
    updatedAt: at,
    stamp,
  });
  return Object.keys($unset).length > 0 ? { $set, $unset } : { $set };
}
