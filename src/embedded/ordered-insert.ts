// Keeps the heads of merged streams in order. They are few, so a sorted list serves as well as a heap.

/** Puts an entry behind those whose key is not greater. */
export function insertInOrder<T extends { key: Buffer }>(heads: T[], entry: T): void {
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare((heads[middle] as T).key, entry.key) <= 0) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, entry);
}
