// Looks at the data file before LMDB does: given a file that is not its own, or one that was cut off, LMDB takes the
// whole process down. Layout: MDB_page and MDB_meta of the LMDB that the `lmdb` package builds (mdb.c).
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';

const MAGIC = 0xbeefc0de;
/** MDB_DATA_VERSION of this LMDB. */
const DATA_VERSION = 2;
const SMALLEST_PAGE = 512;
const LARGEST_PAGE = 65_536;

/** Places in a meta page, in bytes: the page's header has 24. */
const META = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 160 } as const;

interface Meta {
  pageSize: number;
  lastPage: bigint;
  transaction: bigint;
}

/** What is wrong with the file, in words; `shortened` when its end was missing and now reads as zeros. */
export type DataFileState = { kind: 'whole' | 'shortened' } | { kind: 'foreign'; reason: string };

/** Examines a file that is not empty. A file that ends early is lengthened, since reading past its end would kill the process. */
export function examineDataFile(file: string): DataFileState {
  const descriptor = openSync(file, 'r+');
  try {
    const { size } = fstatSync(descriptor);
    const first = readMeta(descriptor, 0);
    if (typeof first === 'string') return { kind: 'foreign', reason: first };
    const second = readMeta(descriptor, first.pageSize);
    const newest = typeof second !== 'string' && second.transaction > first.transaction ? second : first;
    const needed = (Number(newest.lastPage) + 1) * newest.pageSize;
    if (size >= needed) return { kind: 'whole' };
    // Not always damage: LMDB does not write pages at the end that were made and given up in one transaction.
    ftruncateSync(descriptor, needed);
    return { kind: 'shortened' };
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
  };
}
