// Random commands of one writer, each with the outcome that it must have.
import type { Entry, Move, WriterState } from './model.ts';

export const DATABASE = 'crash';
export const SHARED = 'shared';
export const ownName = (writer: number): string => `own${writer}`;

const OWN_INDEXES = [{ v: 1 }, { tags: 1, n: -1 }, { n: 1 }] as const;
const SHARED_INDEXES: readonly Record<string, unknown>[] = [
  { key: { w: 1, n: -1 }, name: 'w_n' },
  { key: { tags: 1 }, name: 'tags' },
  { key: { w: 1, v: 1 }, name: 'w_v', sparse: true },
  { key: { n: 1, w: 1 }, name: 'unique', unique: true },
  { key: { v: -1 }, name: 'partial', partialFilterExpression: { v: { $gt: 2 } } },
];
const MOST_DOCUMENTS = 60;

export interface Draws {
  below(limit: number): number;
  chance(share: number): boolean;
}

/** The next command of a writer. `serial` is new for each call over all rounds. */
export function nextMove(writer: number, state: WriterState, serial: number, draws: Draws): Move {
  const kinds: ((task: Task) => Move)[] = [
    insertOne,
    insertMany,
    insertMany,
    updateOne,
    updateMany,
    updateMany,
    findAndModify,
    findAndModify,
    deleteSome,
    upsert,
    orderedWithError,
    updatesWithError,
    createIndexes,
    drop,
  ];
  const inOwn = draws.chance(0.3);
  const entries = (inOwn ? state.own : state.shared) ?? new Map<string, Entry>();
  const task: Task = { writer, serial, draws, entries, inOwn, name: inOwn ? ownName(writer) : SHARED };
  if (entries.size > MOST_DOCUMENTS) return deleteSome(task);
  const kind = kinds[draws.below(kinds.length)] as (task: Task) => Move;
  return kind(task);
}

interface Task {
  writer: number;
  serial: number;
  draws: Draws;
  entries: Map<string, Entry>;
  inOwn: boolean;
  name: string;
}

/** The documents of the collection, which comes to be with the first of them. */
function target(task: Task, state: WriterState): Map<string, Entry> {
  if (!task.inOwn) return state.shared;
  state.own ??= new Map();
  return state.own;
}

function entry({ writer, serial, draws }: Task, part: number): Entry {
  const tags = Array.from({ length: draws.below(4) }, () => draws.below(5));
  return { _id: `${writer}/${serial}/${part}`, w: writer, n: serial * 1000 + part, v: 0, tags };
}

function insert(task: Task, entries: Entry[]): Move {
  return {
    command: { insert: task.name, documents: entries },
    apply(state) {
      for (const each of entries) target(task, state).set(each._id, each);
    },
    expected: { n: entries.length },
  };
}

const insertOne = (task: Task): Move => insert(task, [entry(task, 0)]);
const insertMany = (task: Task): Move =>
  insert(
    task,
    Array.from({ length: 2 + task.draws.below(8) }, (_, part) => entry(task, part)),
  );

function someEntry({ entries, draws }: Task): Entry | undefined {
  return [...entries.values()][draws.below(Math.max(1, entries.size))];
}

function updateOne(task: Task): Move {
  const found = someEntry(task);
  if (!found) return insertOne(task);
  const tag = task.draws.below(5);
  return {
    command: {
      update: task.name,
      updates: [{ q: { _id: found._id }, u: { $inc: { v: 1 }, $push: { tags: tag } } }],
    },
    apply(state) {
      const mine = target(task, state).get(found._id);
      if (!mine) throw new Error('the model lost a document');
      mine.v += 1;
      mine.tags.push(tag);
    },
    expected: { n: 1, nModified: 1 },
  };
}

function updateMany(task: Task): Move {
  const tag = task.draws.below(5);
  const matches = (each: Entry) => each.tags.includes(tag);
  const hit = [...task.entries.values()].filter(matches).length;
  return {
    command: {
      update: task.name,
      updates: [{ q: { w: task.writer, tags: tag }, u: { $inc: { v: 1 } }, multi: true }],
    },
    apply(state) {
      if (hit > 0) for (const each of target(task, state).values()) if (matches(each)) each.v += 1;
    },
    expected: { n: hit, nModified: hit },
  };
}

/** Takes the newest of the writer's documents, as a dispatcher takes the next job. */
function findAndModify(task: Task): Move {
  const newest = [...task.entries.values()].sort((a, b) => b.n - a.n)[0];
  const remove = task.draws.chance(0.2);
  const change = remove ? { remove: true } : { update: { $inc: { v: 10 }, $set: { tags: [] } }, new: true };
  return {
    command: { findAndModify: task.name, query: { w: task.writer }, sort: { n: -1 }, ...change },
    apply(state) {
      if (!newest) return;
      const mine = target(task, state);
      if (remove) mine.delete(newest._id);
      else Object.assign(mine.get(newest._id) as Entry, { v: newest.v + 10, tags: [] });
    },
    expected: {
      value: newest ? (remove ? { ...newest } : { ...newest, v: newest.v + 10, tags: [] }) : null,
    },
  };
}

function deleteSome(task: Task): Move {
  const tag = task.draws.below(5);
  const matches = (each: Entry) => each.tags.length === 0 || each.tags.includes(tag);
  const gone = [...task.entries.values()].filter(matches).map(({ _id }) => _id);
  return {
    command: {
      delete: task.name,
      deletes: [{ q: { w: task.writer, $or: [{ tags: [] }, { tags: tag }] }, limit: 0 }],
    },
    apply(state) {
      if (gone.length > 0) for (const id of gone) target(task, state).delete(id);
    },
    expected: { n: gone.length },
  };
}

function upsert(task: Task): Move {
  const made = { ...entry(task, 0), v: 3 };
  const { _id, w, n, v, tags } = made;
  return {
    command: { update: task.name, updates: [{ q: { _id, w }, u: { $set: { n, v, tags } }, upsert: true }] },
    apply(state) {
      target(task, state).set(_id, made);
    },
    expected: { n: 1, upserted: [{ index: 0, _id }] },
  };
}

/** The third document repeats the first one's `_id`: what stands before the error stays, the rest is not tried. */
function orderedWithError(task: Task): Move {
  const [first, second, last] = [entry(task, 0), entry(task, 1), entry(task, 2)];
  return {
    command: {
      insert: task.name,
      documents: [first, second, { ...last, _id: first._id }, last],
      ordered: true,
    },
    apply(state) {
      for (const each of [first, second]) target(task, state).set(each._id, each);
    },
    expected: { n: 2, writeErrors: [expect11000(2)] },
  };
}

const expect11000 = (index: number) => ({ index, code: 11000 });

/** Statements of one command: one that cannot be applied stands between two that can. */
function updatesWithError(task: Task): Move {
  const found = someEntry(task);
  if (!found) return insertMany(task);
  const change = (u: object) => ({ q: { _id: found._id }, u });
  const ordered = task.draws.chance(0.5);
  return {
    command: {
      update: task.name,
      updates: [change({ $inc: { v: 1 } }), change({ $inc: { tags: 1 } }), change({ $inc: { v: 100 } })],
      ordered,
    },
    apply(state) {
      const mine = target(task, state).get(found._id) as Entry;
      mine.v += ordered ? 1 : 101;
    },
    expected: { n: ordered ? 1 : 2, writeErrors: [{ index: 1, code: 14 }] },
  };
}

function createIndexes(task: Task): Move {
  const { draws } = task;
  if (!task.inOwn) {
    const index = SHARED_INDEXES[draws.below(SHARED_INDEXES.length)];
    return { command: { createIndexes: SHARED, indexes: [index] }, apply: () => undefined, expected: {} };
  }
  const chosen = OWN_INDEXES.filter(() => draws.chance(0.6));
  const indexes = (chosen.length > 0 ? chosen : OWN_INDEXES).map((key) => ({
    key,
    name: Object.keys(key).join('_'),
  }));
  return {
    command: { createIndexes: task.name, indexes },
    apply(state) {
      target(task, state);
      for (const { name } of indexes) state.ownIndexes.add(name);
    },
    expected: {},
  };
}

function drop(task: Task): Move {
  return {
    command: { drop: ownName(task.writer) },
    apply(state) {
      state.own = undefined;
      state.ownIndexes = new Set();
    },
    expected: {},
  };
}
