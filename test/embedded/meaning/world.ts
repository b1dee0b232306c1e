// One world: a collection with random indexes beside a twin that holds the same documents and only what refuses documents
// (unique indexes). Each question is asked of every index and of a full scan; each change is made to both collections.
import { encode } from '../../../src/embedded/codec.ts';
import type { Fields, LocalEngine } from './local-engine.ts';
import type { Step, WorldPlan } from './plan-world.ts';
import { isPlainSort, misplaced, sortKeyOf } from './sort-definition.ts';

const INDEXED = 'indexed';
const TWIN = 'twin';
const NATURAL = { $natural: 1 };
/** "The hinted index cannot answer this query": right where an index leaves documents out. */
const BAD_VALUE = 2;

export interface Counts {
  questions: number;
  writes: number;
  /** Questions with an answer that is not empty. */
  found: number;
}

const shown = (value: unknown) =>
  JSON.stringify(value, (_key, inner) => (typeof inner === 'bigint' ? `${inner}` : inner));

interface Answer {
  numbers: unknown[];
  documents: Fields[];
  code: number | undefined;
}

/** @returns what went wrong, in words; undefined when all is well. Counts its questions in `counts`. */
export async function runWorld(
  local: LocalEngine,
  plan: WorldPlan,
  counts: Counts,
): Promise<string | undefined> {
  await local.run({ dropDatabase: 1 });
  for (const index of plan.indexes) {
    await local.run({ createIndexes: INDEXED, indexes: [index] });
    if (index.unique) await local.run({ createIndexes: TWIN, indexes: [index] });
  }
  if (plan.documents.length > 0) {
    // What an index refuses (parallel arrays, duplicates) is not in the twin either.
    await local.run({ insert: INDEXED, documents: plan.documents, ordered: false });
    await copyToTwin(local, await everything(local, INDEXED));
  }
  for (const [number, step] of plan.steps.entries()) {
    const fault =
      step.kind === 'find'
        ? await checkFind(local, plan, step, counts)
        : await checkWrite(local, step, counts);
    if (fault !== undefined)
      return `step ${number}: ${fault}\n  in ${shown(step.kind === 'find' ? step : step.shown)}`;
  }
  return checkIndexes(local);
}

async function ask(
  local: LocalEngine,
  step: Extract<Step, { kind: 'find' }>,
  hint: unknown,
): Promise<Answer> {
  const { filter, sort, skip, limit } = step;
  const reply = await local.run({
    find: INDEXED,
    filter,
    sort,
    skip,
    limit,
    singleBatch: true,
    batchSize: 1_000,
    ...(hint === undefined ? {} : { hint }),
  });
  const documents = ((reply.cursor as Fields | undefined)?.firstBatch as Fields[] | undefined) ?? [];
  return {
    documents,
    numbers: documents.map((document) => document.n),
    code: reply.ok === 1 || Number(reply.ok) === 1 ? undefined : (reply.code as number),
  };
}

async function checkFind(
  local: LocalEngine,
  plan: WorldPlan,
  step: Extract<Step, { kind: 'find' }>,
  counts: Counts,
): Promise<string | undefined> {
  const scanned = await ask(local, step, NATURAL);
  const sparse = new Set(plan.indexes.filter((index) => index.sparse).map((index) => index.name));
  for (const hint of [undefined, '_id_', ...plan.indexes.map((index) => index.name)]) {
    // MongoDB's rule too: whoever hints a sparse index gets what is in it.
    if (hint !== undefined && sparse.has(hint)) continue;
    const answer = await ask(local, step, hint);
    counts.questions += 1;
    if (answer.numbers.length > 0) counts.found += 1;
    if (hint !== undefined && answer.code === BAD_VALUE) continue;
    // Of several documents that cannot be put in order, each plan meets another one first.
    if ((answer.code === undefined) !== (scanned.code === undefined))
      return `code ${answer.code} through ${hint ?? 'the planner'}, ${scanned.code} by full scan`;
    const difference = compareAnswers(step, answer, scanned);
    if (difference !== undefined) return `${difference} through ${hint ?? 'the planner'}`;
  }
  return checkCount(local, step, scanned);
}

function compareAnswers(
  { sort, skip, limit }: Extract<Step, { kind: 'find' }>,
  answer: Answer,
  scanned: Answer,
): string | undefined {
  if (answer.code !== undefined) return undefined;
  const wrong = isPlainSort(sort) ? misplaced(answer.documents, sort) : undefined;
  if (wrong !== undefined) return `${shown(answer.numbers)} is wrong at ${wrong}`;
  const isTotal = 'n' in sort;
  // Among equals each plan may take others; how many there are and which keys they have is the same.
  const essence = isTotal
    ? (found: Answer) => found.numbers
    : skip + limit === 0
      ? (found: Answer) => [...found.numbers].sort()
      : (found: Answer) =>
          found.documents.map((document) => (isPlainSort(sort) ? sortKeyOf(document, sort) : 0));
  const [found, wanted] = [shown(essence(answer)), shown(essence(scanned))];
  return found === wanted ? undefined : `${found}, ${wanted} by full scan`;
}

async function checkCount(
  local: LocalEngine,
  step: Extract<Step, { kind: 'find' }>,
  scanned: Answer,
): Promise<string | undefined> {
  if (scanned.code !== undefined) return undefined;
  const { filter, skip, limit } = step;
  const counted = await local.run({ count: INDEXED, query: filter, skip, limit });
  if (counted.n !== scanned.numbers.length)
    return `count says ${shown(counted)}, there are ${scanned.numbers.length}`;
  const grouped = await local.run({
    aggregate: INDEXED,
    pipeline: [
      { $match: filter },
      ...(Object.keys(step.sort).length > 0 ? [{ $sort: step.sort }] : []),
      ...(skip > 0 ? [{ $skip: skip }] : []),
      ...(limit > 0 ? [{ $limit: limit }] : []),
      { $group: { _id: null, n: { $push: '$n' } } },
    ],
    cursor: {},
  });
  const [group] = ((grouped.cursor as Fields | undefined)?.firstBatch as Fields[] | undefined) ?? [];
  const numbers = group?.n ?? (Number(grouped.ok) === 1 ? [] : shown(grouped));
  if (!('n' in step.sort)) return undefined;
  return shown(numbers) === shown(scanned.numbers)
    ? undefined
    : `aggregate says ${shown(numbers)}, the full scan ${shown(scanned.numbers)}`;
}

async function everything(local: LocalEngine, collection: string): Promise<Fields[]> {
  const reply = await local.run({
    find: collection,
    sort: { n: 1 },
    hint: NATURAL,
    batchSize: 10_000,
    singleBatch: true,
  });
  return ((reply.cursor as Fields).firstBatch as Fields[]) ?? [];
}

async function checkWrite(
  local: LocalEngine,
  step: Extract<Step, { kind: 'write' }>,
  counts: Counts,
): Promise<string | undefined> {
  counts.writes += 1;
  const planned = await local.run(step.command(INDEXED, undefined));
  const scanned = await local.run(step.command(TWIN, NATURAL));
  const [left, right] = [await everything(local, INDEXED), await everything(local, TWIN)];
  if (failed(planned)) {
    // Refused by an index that the twin does not have, or in the middle of several documents: the twin follows.
    await copyToTwin(local, left);
    return undefined;
  }
  if (shown(strip(planned)) !== shown(strip(scanned)))
    return `the planner's run answers ${shown(planned)}, the full scan's ${shown(scanned)}`;
  for (const [position, document] of left.entries()) {
    const other = right[position];
    if (!other || !encode(document).equals(encode(other)))
      return `after the change ${shown(document)} through the planner, ${shown(other)} by full scan`;
  }
  return left.length === right.length
    ? undefined
    : `${left.length} documents through the planner, ${right.length} by full scan`;
}

async function copyToTwin(local: LocalEngine, documents: readonly Fields[]): Promise<void> {
  await local.run({ delete: TWIN, deletes: [{ q: {}, limit: 0 }] });
  if (documents.length > 0) await local.run({ insert: TWIN, documents });
}

const failed = (reply: Fields) => Number(reply.ok) !== 1 || reply.writeErrors !== undefined;

function strip(reply: Fields): Fields {
  return JSON.parse(shown(reply)) as Fields;
}

async function checkIndexes(local: LocalEngine): Promise<string | undefined> {
  for (const collection of [INDEXED, TWIN]) {
    const report = await local.run({ validate: collection });
    if (report.valid !== true && report.code !== 26) return `validate of ${collection}: ${shown(report)}`;
  }
  if (local.faults.length > 0) {
    const [fault] = local.faults.splice(0);
    return `a fault of the store: ${fault instanceof Error ? fault.stack : String(fault)}`;
  }
  return undefined;
}
