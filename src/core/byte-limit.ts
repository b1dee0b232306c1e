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

/** How many bytes a file may have, by what it looks like. */
export interface HeadBound {
  /** So many bytes at the beginning tell; a shorter file is judged whole. */
  readonly headBytes: number;
  /** May refuse what it sees. */
  boundOf(head: Buffer): Promise<number>;
}

/**
 * Passes bytes through up to the bound that their beginning sets, so that what claims to be a picture and never ends is
 * left early. `declaredBytes` past it are refused before they come.
 */
export function limitByHead({ headBytes, boundOf }: HeadBound, declaredBytes = 0): Transform {
  let seen = 0;
  let bound: number | undefined;
  const head: Buffer[] = [];
  const judge = async (): Promise<Buffer> => {
    const whole = Buffer.concat(head);
    bound = await boundOf(whole);
    if (declaredBytes > bound) throw tooLarge(bound, declaredBytes);
    return whole;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      seen += chunk.length;
      if (bound !== undefined) {
        if (seen > bound) done(tooLarge(bound));
        else done(null, chunk);
        return;
      }
      head.push(chunk);
      if (seen < headBytes) done();
      else judge().then((whole) => done(null, whole), done);
    },
    flush(done): void {
      if (bound === undefined) judge().then((whole) => done(null, whole), done);
      else done();
    },
  });
}
