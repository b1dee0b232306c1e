/** The picture that stands for a video until it is played: one that was sent with it, a moment of it, or as the network chooses. */
import type { Capabilities } from './capabilities.ts';
import { usageError } from './errors.ts';
import { rulesFor } from './formats.ts';
import { error, type Issue, warning } from './issue.ts';
import type { Content } from './publisher.ts';
import { describeDuration } from './quantities.ts';
import type { MediaFacts } from './words.ts';

export type Cover = 'picture' | { readonly second: number };

const MOMENT = /^(?:(?:(\d{1,2}):)?([0-5]?\d):)?(\d{1,3})(?: ?s)?$/i;

/** `0:03`, `1:02:03` or `3 s` in seconds. Error: OPTION_INVALID. */
export function readCover(typed: string): number {
  const [, hours = '0', minutes, seconds = ''] = MOMENT.exec(typed.trim()) ?? [];
  const isMoment = seconds !== '' && (minutes === undefined || Number(seconds) < 60);
  if (isMoment) return Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
  throw usageError(
    'OPTION_INVALID',
    `“${typed.slice(0, 40)}” is no moment of a video.`,
    'Write minutes and seconds: cover:0:03. To have a picture of your own as the cover, send it with the video.',
  );
}

/** "0:03", "1:02:03". */
export function describeMoment(second: number): string {
  const [hours, minutes, seconds] = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  const two = (count: number): string => String(count).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/**
 * The picture that was sent with the one video to be its cover; undefined where the network takes none, or shows both.
 * @param rules those of the content's format
 */
export function coverPicture<Item extends Pick<MediaFacts, 'kind'>>(
  { media }: Pick<Capabilities, 'media'>,
  items: readonly Item[],
): Item | undefined {
  const pictures = items.filter(({ kind }) => kind !== 'video');
  if (!media.video?.cover?.picture || items.length !== 2 || pictures.length !== 1) return undefined;
  return pictures[0];
}

/** The media that are shown: all but a cover. @param rules those of the content's format */
export function shownMedia<Item extends Pick<MediaFacts, 'kind'>>(
  rules: Pick<Capabilities, 'media'>,
  items: readonly Item[],
): readonly Item[] {
  const picture = coverPicture(rules, items);
  return picture ? items.filter((each) => each !== picture) : items;
}

/** What a person has chosen and the network does; undefined: the network has its way. */
export function coverOf(capabilities: Capabilities, content: Content): Cover | undefined {
  const rules = rulesFor(capabilities, content);
  if (coverPicture(rules, content.media)) return 'picture';
  const isMoment = rules.media.video?.cover?.moment && content.media.some(({ kind }) => kind === 'video');
  return isMoment && content.cover !== undefined ? { second: content.cover } : undefined;
}

/** A moment that the video does not have, or that nothing comes of. @param rules those of the content's format */
export function coverIssues(rules: Pick<Capabilities, 'media'>, content: Content): readonly Issue[] {
  if (content.cover === undefined) return [];
  const found = `cover:${describeMoment(content.cover)}`;
  const dropped = (rule: string, hint: string): readonly Issue[] => [
    warning('COVER_DROPPED', 'cover', rule, found, hint),
  ];
  const video = content.media.find(({ kind }) => kind === 'video');
  if (!video) return dropped('a cover is that of a video', 'It says nothing, since no video is attached.');
  if (coverPicture(rules, content.media))
    return dropped(
      'a picture beside a video is its cover',
      'Leave the picture out if the moment shall count.',
    );
  if (!rules.media.video?.cover?.moment)
    return dropped('the cover of a video is chosen by the network here', 'It will be left out.');
  const { durationMs } = video;
  if (durationMs === undefined || content.cover * 1000 <= durationMs) return [];
  return [
    error(
      'COVER_BEYOND',
      'cover',
      `a moment within the video, which is ${describeDuration(durationMs)} long`,
      found,
      'Name an earlier moment with cover:.',
    ),
  ];
}
