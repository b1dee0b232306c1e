/** The errors of files that are no usable picture or video: what they look like, and what is possible. */
import { type CarillonError, failure } from '../core/errors.ts';
import { describeSize } from '../core/quantities.ts';

const POSSIBLE = 'Possible are pictures (JPEG, PNG, WebP, GIF, AVIF, TIFF) and videos (MP4, MOV, WebM).';

/** `what` completes "This is …"; `hint` says what to do where there is something better than the list of kinds. */
export function noMedia(what: string, hint: string = POSSIBLE): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_UNREADABLE',
    message: `This is ${what}, not a picture or video.`,
    hint,
  });
}

/** A kind of picture or video that cannot be read here. */
export function unknownKind(what: string, hint: string): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_UNREADABLE',
    message: `This is ${what}, which cannot be read.`,
    hint,
  });
}

/** The right kind, but damaged. `what` completes "The file …". */
export function broken(what: string, cause?: unknown): CarillonError {
  return failure('ContentError', {
    code: 'MEDIA_UNREADABLE',
    message: `The file ${what}.`,
    hint: 'Open it on your device: if it shows there, save or export it again and send the new file.',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A picture that unpacks to more pixels than can be reasonable. */
export function bomb(found: { width: number; height: number; frames: number; most: number }): CarillonError {
  const { width, height, frames, most } = found;
  const size = describeSize(width, height) + (frames > 1 ? ` pixels in ${frames} frames` : ' pixels');
  return failure('ContentError', {
    code: 'MEDIA_BOMB',
    message: `The picture unpacks to ${size}; at most ${most / 1_000_000} megapixels of its kind are taken.`,
    hint:
      frames > 1
        ? 'Send a smaller or shorter animation, or a video.'
        : 'Send a smaller picture, best as an ordinary JPEG.',
    context: { width, height, frames },
  });
}
