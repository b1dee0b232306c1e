// Sizes of the data file and of its key spaces, from LMDB's page counts.
import type { Database } from 'lmdb';

interface TreeStatistics {
  pageSize?: number;
  treeBranchPageCount?: number;
  treeLeafPageCount?: number;
  overflowPages?: number;
  entryCount?: number;
}

export interface SpaceStatistics {
  bytes: number;
  entries: number;
}

export interface StorageStatistics {
  fileBytes: number;
  /** Pages that later writes will use again; `compact` gives them back to the disk. */
  freeBytes: number;
  documents: SpaceStatistics;
  indexes: SpaceStatistics;
}

/** Bytes of the pages that a key space uses, and its number of entries. */
export function spaceStatistics(space: Pick<Database, 'getStats'>): SpaceStatistics {
  const tree = space.getStats() as TreeStatistics;
  const pages = (tree.treeBranchPageCount ?? 0) + (tree.treeLeafPageCount ?? 0) + (tree.overflowPages ?? 0);
  return { bytes: pages * (tree.pageSize ?? 0), entries: tree.entryCount ?? 0 };
}

/** Bytes of all pages that were ever in use. */
export function everUsedBytes(root: Pick<Database, 'getStats'>): number {
  const { pageSize, lastPageNumber } = root.getStats() as { pageSize?: number; lastPageNumber?: number };
  return ((lastPageNumber ?? 0) + 1) * (pageSize ?? 0);
}
