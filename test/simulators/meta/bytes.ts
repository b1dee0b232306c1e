/** Bytes that arrive in parts: counted by offset, hashed in order, and cut off on command. */
import { createHash, type Hash } from 'node:crypto';
import { FILE_BYTES_MAX, type FileOptions } from '../files.ts';
import type { ByteSink } from './graph.ts';
import { refuseBytes } from './refusal.ts';

export interface ReceivedFile {
  readonly total: number;
  received: number;
  /** Requests that brought bytes. */
  parts: number;
  sha256?: string;
  readonly hash: Hash;
  /** The bytes so far, where somebody wants them. */
  readonly chunks: Buffer[];
}

export interface ByteOptions extends FileOptions {
  /** The connection of the next uploads ends after so many bytes each. */
  cutAfter: number[];
}

export function newFile(total: number): ReceivedFile {
  return { total, received: 0, parts: 0, hash: createHash('sha256'), chunks: [] };
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
      if (options.onFile && file.total <= FILE_BYTES_MAX) file.chunks.push(taken);
      return left <= 0;
    },
    end() {
      if (file.received < file.total)
        throw refuseBytes('PartialRequestError', 'Partial request (did not match length of file)', true);
      if (file.sha256 === undefined) {
        file.sha256 = file.hash.digest('hex');
        const bytes = Buffer.concat(file.chunks.splice(0));
        if (bytes.length > 0) options.onFile?.({ sha256: file.sha256, type: 'video/mp4', bytes });
      }
      return done();
    },
  };
}
