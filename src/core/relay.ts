/** Passing a stream on with its errors in other words. */
import { type Duplex, finished, type Readable } from 'node:stream';

/**
 * Pipes `from` into `to` and answers `to`. A failure of `from` (ending early is one) destroys `to` with the translated
 * error; when `to` is over, for whatever reason, `from` is destroyed. Not done with an async generator: one that waits
 * for a silent source cannot be ended.
 */
export function relay<Target extends Duplex>(
  from: Readable,
  to: Target,
  translate: (error: Error) => Error,
): Target {
  finished(from, { writable: false }, (error) => {
    if (error) to.destroy(translate(error));
  });
  to.once('close', () => from.destroy());
  return from.pipe(to);
}
