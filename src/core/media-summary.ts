/** A post's media in a few words. */
import type { MediaItem } from './words.ts';

export function mediaSummary(media: readonly MediaItem[]): string {
  const count = (kind: MediaItem['kind'], one: string, many: string): string | undefined => {
    const found = media.filter((item) => item.kind === kind).length;
    return found === 0 ? undefined : `${found} ${found === 1 ? one : many}`;
  };
  const kinds = [
    count('image', 'picture', 'pictures'),
    count('gif', 'animated GIF', 'animated GIFs'),
    count('video', 'video', 'videos'),
  ];
  const described = media.filter((item) => item.alt).length;
  const alt =
    described === media.length
      ? 'with alt text'
      : described > 0
        ? `${described} with alt text`
        : 'no alt text';
  return `${kinds.filter(Boolean).join(', ')} (${alt})`;
}
