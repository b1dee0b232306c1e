/** Media that are played by the test: each file is a picture of its own, a video where its name says so, or what the test says it is. */
import type { EngineParts } from '../../src/app/engine.ts';
import type { Recipient } from '../../src/core/services/media-intake.ts';
import type { Stores } from '../../src/core/stores.ts';
import type { MediaItem } from '../../src/core/words.ts';
import { mediaItem, prepared } from './publishing.ts';

/** For whom a medium was prepared. */
export type Prepared = Recipient & { readonly item: MediaItem };

/** `files`: what they are, by their names; `recipients` grows with each medium that is prepared. */
export function playedMedia(
  files: Readonly<Record<string, MediaItem>>,
  recipients: Prepared[],
): EngineParts['media'] {
  return {
    take: async (incoming) =>
      incoming.map((each, index) => {
        const name =
          each.kind === 'link' ? each.url : each.kind === 'file' ? each.path : `${each.name}-${index}`;
        const alt = each.alt === undefined ? {} : { alt: each.alt };
        const known = files[name];
        if (known) return { ...known, ...alt };
        return mediaItem(name.endsWith('.mp4') ? 'video' : 'image', { name, ...alt });
      }),
    async prepare(item, recipient) {
      recipients.push({ ...recipient, item });
      return prepared(item);
    },
  };
}

/** A machine without ffmpeg: nothing of the rest is ever asked. */
export function withoutConverter({ media }: Stores): EngineParts['conversions'] {
  const never = (): never => {
    throw new Error('nothing is converted here');
  };
  return {
    blobs: { stage: never, write: never, read: never, pieces: never, has: never, remove: never },
    probe: { probe: never },
    index: media,
    findConverter: async () => undefined,
  };
}
