/** What a collection holds, in a few bytes: equal for equal documents in whatever order they come. */
import { createHash } from 'node:crypto';

const BYTES = 32;

export class CollectionDigest {
  documents = 0;
  /** The documents' hashes added bit by bit. No two documents are equal, since no two have one `_id`. */
  readonly #sum = Buffer.alloc(BYTES);

  add(bytes: Uint8Array): void {
    const hash = createHash('sha256').update(bytes).digest();
    for (let index = 0; index < BYTES; index++)
      this.#sum[index] = (this.#sum[index] ?? 0) ^ (hash[index] ?? 0);
    this.documents += 1;
  }

  equals(other: CollectionDigest): boolean {
    return this.documents === other.documents && this.#sum.equals(other.#sum);
  }
}
