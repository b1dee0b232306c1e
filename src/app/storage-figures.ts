/** How large the built-in database is, how much of it is free, when it was last backed up, and whether it is whole. */
import type { Connection } from 'mongoose';

export interface StorageFigures {
  /** Of the data file, in bytes. */
  readonly bytes: number;
  /** Part of it that later writes will use again; `npm run compact` gives it back to the disk. */
  readonly freeBytes: number;
  /** When the last `npm run backup` ended well, in ISO 8601; null when none is known. */
  readonly lastBackup: string | null;
  /** When documents and indexes were last compared, and what was wrong, in words; null before the first time. */
  readonly lastCheck: { readonly at: string; readonly damage: string | null } | null;
}

/** Asks the built-in database. Errors: the driver's. */
export async function storageFigures({ db }: Connection): Promise<StorageFigures> {
  if (!db) throw new Error('The database connection is closed.');
  const { lmdb } = await db.admin().command({ serverStatus: 1 });
  return {
    bytes: Number(lmdb.fileBytes),
    freeBytes: Number(lmdb.freeBytes),
    lastBackup: lmdb.lastBackup instanceof Date ? lmdb.lastBackup.toISOString() : null,
    lastCheck: lmdb.lastCheck
      ? { at: (lmdb.lastCheck.at as Date).toISOString(), damage: lmdb.lastCheck.damage ?? null }
      : null,
  };
}
