/** All collections of one database into another, with what is needed to go on after an interruption. */
import type mongoose from 'mongoose';
import { MOVE_MARK } from '../stores/move-mark.ts';
import { copyDocuments, copyIndexes } from './copy-collection.ts';
import type { CollectionDigest } from './digest.ts';
import type { Progress } from './progress.ts';
import { digestOf } from './raw-documents.ts';
import { Refusal } from './refusal.ts';

type Db = mongoose.mongo.Db;

/** Media are moved as media, whatever holds them: files on one side, these collections on the other. */
const MEDIA_COLLECTIONS: readonly string[] = ['media.files', 'media.chunks', 'media.uploads'];

export interface CopiedCollection {
  readonly name: string;
  readonly digest: CollectionDigest;
  readonly indexes: number;
}

/** Collections that a move carries as they are. Error: Refusal for views and other kinds. */
export async function collectionsToMove(db: Db): Promise<readonly { name: string; options: object }[]> {
  const all = await db.listCollections().toArray();
  const ours = all.filter(
    ({ name }) => !name.startsWith('system.') && name !== MOVE_MARK && !MEDIA_COLLECTIONS.includes(name),
  );
  const other = ours.find(({ type }) => type !== undefined && type !== 'collection');
  if (other) throw new Refusal(`${other.name} is a ${other.type}, which cannot be moved; remove it first`);
  return ours
    .map(({ name, ...rest }) => ({ name, options: 'options' in rest ? (rest.options ?? {}) : {} }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Copies, compares and indexes every collection; collections that only the target has are dropped. Errors: Refusal. */
export async function copyCollections(
  source: Db,
  target: Db,
  progress: Progress,
): Promise<readonly CopiedCollection[]> {
  const wanted = await collectionsToMove(source);
  const there = await collectionsToMove(target);
  for (const { name } of there) {
    if (!wanted.some((each) => each.name === name)) await target.dropCollection(name);
    // Unique indexes of an interrupted run could refuse what came since; they are made again below.
    else await target.collection(name).dropIndexes();
  }
  const copied: CopiedCollection[] = [];
  for (const { name, options } of wanted) {
    if (!there.some((each) => each.name === name)) await target.createCollection(name, options);
    const digest = await copyDocuments(source.collection(name), target.collection(name), progress);
    copied.push({ name, digest, indexes: 0 });
  }
  // Last, and only when all documents are proven: an index of expiry would begin to remove documents.
  return Promise.all(
    copied.map(async (each) => ({
      ...each,
      indexes: await copyIndexes(source.collection(each.name), target.collection(each.name)),
    })),
  );
}

/** Error: Refusal when the source is not any more what was copied. */
export async function refuseIfChanged(
  source: Db,
  copied: readonly CopiedCollection[],
  progress: Progress,
): Promise<void> {
  for (const { name, digest } of copied) {
    const now = await digestOf(source.collection(name), (done) =>
      progress(`${name}: looking for changes`, done, digest.documents),
    );
    if (!now.equals(digest))
      throw new Refusal(
        `${name} changed while it was moved: stop every process that uses the database, and run the move again`,
      );
  }
}
