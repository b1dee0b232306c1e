/** Writes under a lease. Workers journal every step, so many small writes come at the same time and share bulks. */
import { ATTEMPTS_KEPT } from '../core/delivery/journal.ts';
import { failure } from '../core/errors.ts';
import type { DeliveryPatch } from '../core/stores.ts';
import type { DeliveryModel } from './delivery-model.ts';
import { setAndUnset } from './schema.ts';
import { StampedWriter, type Update } from './stamped-writer.ts';

export class DeliveryWriter {
  readonly #writer: StampedWriter;

  constructor(model: DeliveryModel) {
    this.#writer = new StampedWriter(model);
  }

  /** True when the lease was still ours and the change is stored; false when it is somebody else's and nothing was changed. */
  async write(id: string, token: string, patch: DeliveryPatch, at: Date): Promise<boolean> {
    refuseUnleasedMoment(id, patch);
    return this.#writer.write({ _id: id, 'lease.token': token }, updateOf(patch, at));
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

function updateOf(patch: DeliveryPatch, at: Date): Update {
  const { release, attempts, ...values } = patch;
  const { $set, $unset } = setAndUnset({
    ...values,
    attempts: attempts?.slice(-ATTEMPTS_KEPT),
    lease: release === true ? null : undefined,
    updatedAt: at,
  });
  return Object.keys($unset).length > 0 ? { $set, $unset } : { $set };
}
