// Looks at the data file before LMDB does: given a file that is not its own, or one that was cut off, LMDB takes the
// whole process down. Layout: MDB_page and MDB_meta of the LMDB that the `lmdb` package builds (mdb.c).
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { takeCleanClose } from './clean-close.ts';
import { NO_PAGE, PageCheck, readTree, type Tree } from './page-check.ts';

const MAGIC = 0xbeefc0de;
/** MDB_DATA_VERSION of this LMDB. */
const DATA_VERSION = 2;
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;

/** Places in a meta page, in bytes: the page's header has 24. */
const META = {
  magic: 24,
  version: 28,
  pageSize: 48,
  freeTree: 48,
  mainTree: 96,
  lastPage: 144,
  transaction: 152,
  end: 160,
} as const;

interface Meta {
  pageSize: number;
  lastPage: bigint;
  transaction: bigint;
  free: Tree;
  main: Tree;
}

/** What is wrong with the file, in words. */
export type DataFileState =
  /** `isCompact`: without any free page, as a compacted copy is. */
  { kind: 'whole'; isCompact: boolean } | { kind: 'foreign' | 'damaged'; reason: string };

/**
 * Examines a file that is not empty. A whole file that ends early is lengthened, since reading past its end would kill the
 * process. Takes the note of a clean close away; without one, every page is read (about a second for each GB).
 */
export function examineDataFile(file: string): DataFileState {
  const wasClosed = takeCleanClose(file);
  const descriptor = openSync(file, 'r+');
  try {
    const { size } = fstatSync(descriptor);
    const first = readMeta(descriptor, 0);
    if (typeof first === 'string') return { kind: 'foreign', reason: first };
    const second = readMeta(descriptor, first.pageSize);
    if (typeof second === 'string') return { kind: 'damaged', reason: `of its two first pages, ${second}` };
    const newest = second.transaction > first.transaction ? second : first;
    const needed = (Number(newest.lastPage) + 1) * newest.pageSize;
    const isShort = size < needed;
    if (!wasClosed || isShort) {
      const pages = new PageCheck(descriptor, newest.pageSize, Number(newest.lastPage) + 1);
      const reason = pages.run(newest.free, newest.main);
      if (reason !== undefined) return { kind: 'damaged', reason };
    }
    // Not damage: LMDB does not write pages at the end that were made and given up in one transaction.
    if (isShort) ftruncateSync(descriptor, needed);
    return { kind: 'whole', isCompact: newest.free.root === NO_PAGE };
  } finally {
    closeSync(descriptor);
  }
}

function readMeta(descriptor: number, position: number): Meta | string {
  const bytes = Buffer.alloc(META.end);
  if (readSync(descriptor, bytes, 0, META.end, position) < META.end)
    return 'it is too short to be a database';
  if (bytes.readUInt32LE(META.magic) !== MAGIC) return 'it is not an LMDB file';
  const version = bytes.readUInt32LE(META.version);
  if (version !== DATA_VERSION)
    return `it is an LMDB file of version ${version}, this one reads ${DATA_VERSION}`;
  const pageSize = bytes.readUInt32LE(META.pageSize);
  if (pageSize < SMALLEST_PAGE || pageSize > LARGEST_PAGE || (pageSize & (pageSize - 1)) !== 0) {
    return `its page size is ${pageSize}, possible powers of two from ${SMALLEST_PAGE} to ${LARGEST_PAGE}`;
  }
  return {
    pageSize,
    lastPage: bytes.readBigUInt64LE(META.lastPage),
    transaction: bytes.readBigUInt64LE(META.transaction),
    free: readTree(bytes, META.freeTree),
    main: readTree(bytes, META.mainTree),
  };
}
