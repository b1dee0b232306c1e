/**
 * Changes of single documents that hold under a condition only (a lease is still ours, nobody began it), in bulks. A bulk
 * tells how many of its changes met their condition and not which: every change leaves a stamp, which is read back when one
 * of them did not.
 */
import { randomUUID } from 'node:crypto';
import type mongoose from 'mongoose';
import { type BulkAnswer, sendBulk } from '../lib/bulk-writer.ts';
import { type Gathered, Gathering } from '../lib/gathering.ts';

/** The condition, with the id of the document that it is about. */
export type Condition = Readonly<Record<string, unknown>> & { readonly _id: string };

/** Update operators by their names. */
export type Update = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Change {
  readonly condition: Condition;
  readonly update: Update;
  readonly stamp: string;
}

type Pending = Gathered<Change, boolean>;

interface Stamped {
  readonly _id: string;
  readonly stamp?: string;
}

export class StampedWriter {
  readonly #collection: () => mongoose.mongo.Collection<Stamped>;
  /** Within an unordered bulk there is no first and second: one change of a document at most, and the next round after it. */
  readonly #gathering = new Gathering<Change, boolean>(
    (round) => this.#send(round),
    ({ condition }) => condition._id,
  );
  /** Together with the count unique over all processes. */
  readonly #name = randomUUID();
  #count = 0;

  /** @param model its documents have a `stamp`, a text */
  constructor(model: { readonly collection: unknown }) {
    this.#collection = () => model.collection as mongoose.mongo.Collection<Stamped>;
  }

  /** True when the condition held and the change is stored; false when it did not and nothing was changed. */
  write(condition: Condition, update: Update): Promise<boolean> {
    this.#count += 1;
    return this.#gathering.ask({ condition, update, stamp: `${this.#name}.${this.#count}` });
  }

  async #send(round: readonly Pending[]): Promise<void> {
    const unsure: Pending[] = [];
    await sendBulk(
      this.#collection() as never,
      round.map((each) => ({
        request: [operationOf(each.request)],
        resolve: ({ operations, matched }: BulkAnswer) => {
          if (matched === operations) each.resolve(true);
          else unsure.push(each);
        },
        reject: each.reject,
      })),
    );
    if (unsure.length > 0) await this.#readBack(unsure);
  }

  /**
   * A change after which the condition holds for others could be overwritten by one of them within this moment and be told
   * as not made; its caller then leaves the document to them, which is right as well.
   */
  async #readBack(unsure: readonly Pending[]): Promise<void> {
    const found = await this.#collection()
      .find({ _id: { $in: unsure.map(({ request }) => request.condition._id) } })
      .project<Stamped>({ stamp: 1 })
      .toArray();
    const stamps = new Set(found.map(({ stamp }) => stamp));
    for (const each of unsure) each.resolve(stamps.has(each.request.stamp));
  }
}

function operationOf({ condition, update, stamp }: Change) {
  return {
    updateOne: { filter: condition as never, update: { ...update, $set: { ...update.$set, stamp } } },
  };
}
