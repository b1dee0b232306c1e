// Puts the pieces of a byte stream together into whole messages. A message that arrives byte by byte costs no more memory
// than twice its bytes, and one that arrives whole is not copied.
import { messageLength } from './wire.ts';

const NOTHING = Buffer.alloc(0);

export class MessageBuffer {
  /** What has arrived and was not taken. A view into `#block` unless it is a piece as it came. */
  #held: Buffer = NOTHING;
  /** Room of our own, with `#held` at its used end. */
  #block: Buffer | undefined;
  #used = 0;

  /** Bytes that have arrived and were not taken. */
  get size(): number {
    return this.#held.length;
  }

  /** Length of the message that has begun; undefined while its first four bytes are not there. Throws as `take` does. */
  get expected(): number | undefined {
    return messageLength(this.#held);
  }

  push(piece: Buffer): void {
    if (this.#held.length === 0) {
      this.#held = piece;
      this.#block = undefined;
      return;
    }
    const size = this.#held.length + piece.length;
    if (!this.#block || this.#used + piece.length > this.#block.length) this.#move(size);
    const block = this.#block as Buffer;
    piece.copy(block, this.#used);
    this.#used += piece.length;
    this.#held = block.subarray(this.#used - size, this.#used);
  }

  /**
   * The next whole message, or undefined while it has not all arrived.
   * @throws ProtocolError for a length that cannot be true
   */
  take(): Buffer | undefined {
    const length = messageLength(this.#held);
    if (length === undefined || this.#held.length < length) return undefined;
    const message = this.#held.subarray(0, length);
    if (this.#held.length === length) this.clear();
    else this.#held = this.#held.subarray(length);
    return message;
  }

  clear(): void {
    this.#held = NOTHING;
    this.#block = undefined;
    this.#used = 0;
  }

  /** Moves what is held to a new block: twice as large, so that the bytes of a message are copied twice in all. */
  #move(size: number): void {
    const wanted = Math.max(messageLength(this.#held) ?? 0, size);
    const block = Buffer.allocUnsafe(Math.min(wanted, size * 2));
    this.#held.copy(block);
    this.#used = this.#held.length;
    this.#block = block;
  }
}
