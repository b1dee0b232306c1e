// What a world is made of: documents, indexes and the steps that are taken in it, all from one seed.
import { Generator } from './generate.ts';
import type { Fields } from './local-engine.ts';

/** What happens to a world after its documents and indexes are there. */
export type Step =
  | { kind: 'find'; filter: Fields; sort: Record<string, 1 | -1>; skip: number; limit: number }
  | { kind: 'write'; command: (collection: string, hint: Fields | undefined) => Fields; shown: Fields };

export interface WorldPlan {
  documents: Fields[];
  indexes: Fields[];
  steps: Step[];
}

export function planWorld(
  seed: number,
  sizes: { documents: number; indexes: number; steps: number },
): WorldPlan {
  const g = new Generator(seed);
  let next = 0;
  const documents = Array.from({ length: sizes.documents }, () => g.document(next++));
  const indexes = Array.from({ length: sizes.indexes }, (_, number) => g.index(number));
  const steps = Array.from({ length: sizes.steps }, (): Step => {
    if (g.chance(0.85))
      return {
        kind: 'find',
        filter: g.filter(),
        // With the number the order is total; without it, more indexes can give it.
        sort: g.chance(0.5) ? { ...g.sort(), n: 1 } : g.sort(),
        skip: g.pick([0, 0, 0, 2]),
        limit: g.pick([0, 0, 1, 4]),
      };
    return planWrite(g, () => next++);
  });
  return { documents, indexes, steps };
}

function planWrite(g: Generator, nextNumber: () => number): Step {
  const filter = g.filter();
  const update = g.update();
  const make = (shownCommand: Fields, command: (c: string, hint: Fields | undefined) => Fields): Step => ({
    kind: 'write',
    command,
    shown: shownCommand,
  });
  const hinted = (hint: Fields | undefined) => (hint ? { hint } : {});
  const kind = g.random();
  if (kind < 0.45)
    return make({ updateMany: filter, update }, (update_, hint) => ({
      update: update_,
      updates: [{ q: filter, u: update, multi: true, ...hinted(hint) }],
    }));
  if (kind < 0.7) {
    // The number makes the order total: otherwise each plan may rightly take another of several equals.
    const sort = { ...g.sort(), n: 1 };
    const task = g.chance(0.3) ? { remove: true } : { update, new: g.chance(0.5) };
    return make({ findAndModify: filter, sort, ...task }, (findAndModify, hint) => ({
      findAndModify,
      query: filter,
      sort,
      ...task,
      ...hinted(hint),
    }));
  }
  if (kind < 0.75)
    return make({ deleteMany: filter }, (collection, hint) => ({
      delete: collection,
      deletes: [{ q: filter, limit: 0, ...hinted(hint) }],
    }));
  if (kind < 0.85) {
    const _id = nextNumber();
    const upsert = { q: { _id, n: _id }, u: update, upsert: true };
    return make({ upsert }, (collection) => ({ update: collection, updates: [upsert] }));
  }
  const document = g.document(nextNumber());
  return make({ insert: document }, (insert) => ({ insert, documents: [document] }));
}
