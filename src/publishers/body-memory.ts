/** Memory that one body, or one piece, after another is put together in: what is freed megabyte by megabyte stays with the process for a while. */
export class BodyMemory {
  #bytes = Buffer.alloc(0);

  /** So many bytes; what was taken before is overwritten. */
  take(bytes: number): Buffer {
    if (this.#bytes.length < bytes) this.#bytes = Buffer.allocUnsafe(bytes);
    return this.#bytes.subarray(0, bytes);
  }
}
