/** Bytes that arrive in parts: counted by offset, hashed in order, and cut off on command. */
import { createHash, type Hash } from 'node:crypto';
import type { ByteSink } from './graph.ts';
import { refuseBytes } from './refusal.ts';

export interface ReceivedFile {
  readonly total: number;
  received: number;
  /** Requests that brought bytes. */
  parts: number;
  sha256?: string;
  readonly hash: Hash;
}

export interface ByteOptions {
  /** The connection of the next uploads ends after so many bytes each. */
  cutAfter: number[];
}

export function newFile(total: number): ReceivedFile {
  return { total, received: 0, parts: 0, hash: createHash('sha256') };
}

/** Takes the bytes from an offset on. @param done the answer when the last one is there */
export function takeBytes(
  file: ReceivedFile,
  { offset, length }: { offset: number; length: number },
  options: ByteOptions,
  done: () => unknown,
): ByteSink {
  if (offset !== file.received)
    throw refuseBytes('OffsetInvalidError', 'Request starting offset is invalid', true, 412);
  if (offset + length > file.total)
    throw refuseBytes('PartialRequestError', 'Partial request (did not match length of file)', false);
  let left = options.cutAfter.shift() ?? Number.POSITIVE_INFINITY;
  file.parts += 1;
  return {
    write(chunk) {
      const taken = chunk.subarray(0, Math.min(chunk.length, left));
      left -= taken.length;
      file.received += taken.length;
      file.hash.update(taken);
      return left <= 0;
    },
    end() {
      if (file.received < file.total)
        throw refuseBytes('PartialRequestError', 'Partial request (did not match length of file)', true);
      file.sha256 ??= file.hash.digest('hex');
      return done();
    },
  };
}
