/** A growing buffer for sort keys. One is kept and reused, so that a key costs one allocation, the copy at its end. */
import { Buffer } from 'node:buffer';

const FIRST_BYTES = 4096;
/** Beyond this the buffer is given back after use. */
const LARGEST_KEPT = 256 * 1024;
const ESCAPE = 1;

export class ByteWriter {
  private buffer: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private position = 0;

  reset(): void {
    this.position = 0;
    if (this.buffer.length > LARGEST_KEPT) this.buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  get length(): number {
    return this.position;
  }

  /** Inverts every byte from `start` on. */
  invertFrom(start: number): void {
    for (let index = start; index < this.position; index++)
      this.buffer[index] = ~(this.buffer[index] as number);
  }

  copy(): Buffer {
    const result = Buffer.allocUnsafe(this.position);
    this.buffer.copy(result, 0, 0, this.position);
    return result;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.position++] = value;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.position = this.buffer.writeUInt32BE(value, this.position);
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.position);
    this.position += value.length;
  }

  /**
   * A double whose bytes sort as unsigned: the sign bit set for positive numbers, all bits inverted for negative ones.
   * NaN becomes eight zero bytes, below -Infinity.
   */
  double(value: number): void {
    this.reserve(8);
    const start = this.position;
    this.position += 8;
    if (Number.isNaN(value)) {
      this.buffer.fill(0, start, this.position);
      return;
    }
    // Adding 0 turns -0 into 0: the two are equal.
    this.buffer.writeDoubleBE(value + 0, start);
    const first = this.buffer[start] as number;
    if (first < 0x80) {
      this.buffer[start] = first | 0x80;
      return;
    }
    for (let index = start; index < start + 8; index++) this.buffer[index] = ~(this.buffer[index] as number);
  }

  /** UTF-8 in which 0 and 1 are escaped as 1,1 and 1,2, ended by 0. */
  text(value: string): void {
    this.reserve(value.length * 6 + 1);
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) {
        this.escaped(Buffer.from(value.slice(index), 'utf8'));
        break;
      }
      if (unit <= ESCAPE) this.buffer[this.position++] = ESCAPE;
      this.buffer[this.position++] = unit <= ESCAPE ? unit + 1 : unit;
    }
    this.buffer[this.position++] = 0;
  }

  private escaped(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte <= ESCAPE) this.buffer[this.position++] = ESCAPE;
      this.buffer[this.position++] = byte <= ESCAPE ? byte + 1 : byte;
    }
  }

  private reserve(length: number): void {
    if (this.position + length <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.position + length));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }
}
