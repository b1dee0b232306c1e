/** Tells what a stored file is, by its bytes alone. */
import type { ByteSource, MediaProbe } from '../core/media.ts';
import type { MediaFacts } from '../core/words.ts';
import { readBytes } from './byte-reader.ts';
import { FETCH_LIMITS, MAX_PICTURE_BYTES } from './limits.ts';
import { probeBoxes } from './probe-boxes.ts';
import { probeOtherVideo } from './probe-other-video.ts';
import { probePicture } from './probe-picture.ts';
import { SAMPLE_BYTES, sniff } from './sniff.ts';

/** Errors: MEDIA_UNREADABLE, MEDIA_BOMB, MEDIA_TOO_LARGE (a picture that is larger than is held in memory). */
export function createMediaProbe(): MediaProbe {
  return {
    headBytes: SAMPLE_BYTES,

    async boundOf(head) {
      const { reader } = await sniff(head);
      return reader === 'picture' ? MAX_PICTURE_BYTES : FETCH_LIMITS.maxBytes;
    },

    async probe(source: ByteSource): Promise<MediaFacts> {
      const { reader, mime } = await sniff(await readBytes(source, 0, SAMPLE_BYTES));
      if (reader === 'picture') return probePicture(source, mime);
      if (reader === 'boxes') return probeBoxes(source);
      return probeOtherVideo(source, mime);
    },
  };
}
