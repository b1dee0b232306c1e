/** The bound on streams whose length nobody can be believed about. */
import { Transform } from 'node:stream';
import { type CarillonError, failure } from './errors.ts';
import { describeBytes } from './quantities.ts';

/** More bytes than can be taken. `found` is given when the size was announced. */
export function tooLarge(maxBytes: number, found?: number): CarillonError {
  const said =
    found === undefined
      ? 'It is larger than can be taken'
      : `It has ${describeBytes(found)}, more than can be taken`;
  return failure('ContentError', {
    code: 'MEDIA_TOO_LARGE',
    message: `${said}: at most ${describeBytes(maxBytes)}.`,
    hint: 'Make it smaller (a shorter or more compressed video, a smaller picture), then send it again.',
    context: { maxBytes, found },
  });
}

/** Passes bytes through and fails with MEDIA_TOO_LARGE at the first one past `maxBytes`. */
export function limitBytes(maxBytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      seen += chunk.length;
      if (seen > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
}
