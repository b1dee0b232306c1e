// Merges scans of one index by the bytes of their keys, without a look at the documents: a page deep in a list costs
// keys, not documents.
import { insertInOrder } from './ordered-insert.ts';
import type { IndexScan, RecordScan } from './scan.ts';

interface Head {
  key: Buffer;
  record: number;
  scan: IndexScan;
}

/** Scans that are each in the order of the sort; `sortKeyOf` gives the bytes of that order. */
export class MergedScan implements RecordScan {
  #scans: IndexScan[];
  #sortKeyOf: (storedKey: Buffer) => Buffer;
  #heads: Head[] | undefined;

  constructor(scans: IndexScan[], sortKeyOf: (storedKey: Buffer) => Buffer) {
    this.#scans = scans;
    this.#sortKeyOf = sortKeyOf;
  }

  next(): number | undefined {
    if (!this.#heads) {
      this.#heads = [];
      for (const scan of this.#scans) this.#advance(this.#heads, scan);
    }
    const head = this.#heads.shift();
    if (!head) return undefined;
    this.#advance(this.#heads, head.scan);
    return head.record;
  }

  suspend(): void {
    for (const scan of this.#scans) scan.suspend();
  }

  #advance(heads: Head[], scan: IndexScan): void {
    const record = scan.next();
    if (record === undefined || !scan.key) return;
    insertInOrder(heads, { key: this.#sortKeyOf(scan.key), record, scan });
  }
}
