/**
 * The buffer into which BSON is written, and the primitive values. One buffer is kept and reused, so that a document costs
 * one allocation, the copy at its end. Module state rather than an object: encoding is synchronous and this is its hot path.
 */
import { Buffer } from 'node:buffer';
import type { Long } from 'bson';
import { badValue } from '../errors.ts';
import { fitsInt32 } from './types.ts';

const FIRST_SCRATCH_BYTES = 64 * 1024;
/** Beyond this the scratch buffer is given back after use, so that one large document does not hold memory for ever. */
const LARGEST_KEPT_SCRATCH = 1024 * 1024;

let scratch: Buffer = Buffer.allocUnsafeSlow(FIRST_SCRATCH_BYTES);
let position = 0;

export function beginOutput(): void {
  position = 0;
  if (scratch.length > LARGEST_KEPT_SCRATCH) scratch = Buffer.allocUnsafeSlow(FIRST_SCRATCH_BYTES);
}

/** A copy of what was written. */
export function takeOutput(): Buffer {
  const result = Buffer.allocUnsafe(position);
  scratch.copy(result, 0, 0, position);
  return result;
}

/** Fills in the size of a code with scope, which has no zero byte of its own at the end. */
export function sealFrame(start: number): void {
  scratch.writeInt32LE(position - start, start);
}

function reserve(length: number): void {
  if (position + length <= scratch.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, position + length));
  scratch.copy(grown, 0, 0, position);
  scratch = grown;
}

/** Leaves room for the size of a document. @returns where the document begins */
export function openFrame(): number {
  reserve(4);
  const start = position;
  position += 4;
  return start;
}

/** Ends a document and fills in its size. */
export function closeFrame(start: number): void {
  reserve(1);
  scratch[position++] = 0;
  scratch.writeInt32LE(position - start, start);
}

export function writeHead(type: number, name: string): void {
  writeByte(type & 0xff);
  writeName(name);
}

export function writeName(name: string): void {
  if (name.includes('\0')) throw badValue(`the name ${JSON.stringify(name)} contains a zero byte`);
  writeText(name);
  scratch[position++] = 0;
}

export function writeString(text: string): void {
  reserve(4);
  const start = position;
  position += 4;
  writeText(text);
  scratch[position++] = 0;
  scratch.writeInt32LE(position - start - 4, start);
}

/** Leaves room for the zero byte that always follows. */
function writeText(text: string): void {
  reserve(text.length * 3 + 1);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f || index > 64) {
      position += index + scratch.write(text.slice(index), position + index);
      return;
    }
    scratch[position + index] = unit;
  }
  position += text.length;
}

export function writeByte(value: number): void {
  reserve(1);
  scratch[position++] = value;
}

export function writeInt32(value: number): void {
  if (!fitsInt32(value)) throw badValue(`${value} does not fit in 32 bits`);
  reserve(4);
  position = scratch.writeInt32LE(value, position);
}

export function writeDouble(value: number): void {
  reserve(8);
  position = scratch.writeDoubleLE(value, position);
}

export function writeLong(value: Pick<Long, 'low' | 'high'>): void {
  reserve(8);
  scratch.writeInt32LE(value.low, position);
  position = scratch.writeInt32LE(value.high, position + 4);
}

export function writeBytes(value: Uint8Array): void {
  reserve(value.length);
  scratch.set(value, position);
  position += value.length;
}
