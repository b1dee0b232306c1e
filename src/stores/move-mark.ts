/**
 * The mark of a move into a database that has not ended: half of the posts is worse than none, so the bot does not start on
 * such a database, and only a new run of the move goes on in it.
 */
import type mongoose from 'mongoose';

type Db = mongoose.mongo.Db;

/** The collection exists only while a move goes on. */
export const MOVE_MARK = 'move_in_progress';

export async function markMove(db: Db): Promise<void> {
  await db
    .collection<{ _id: string; startedAt: Date }>(MOVE_MARK)
    .updateOne({ _id: 'move' }, { $set: { startedAt: new Date() } }, { upsert: true });
}

export async function isMoveUnfinished(db: Db): Promise<boolean> {
  return (await db.collection(MOVE_MARK).findOne({})) !== null;
}

export async function clearMoveMark(db: Db): Promise<void> {
  await db.collection(MOVE_MARK).drop();
}
