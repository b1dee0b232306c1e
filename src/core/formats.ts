/** The ways in which a post may stand on a network that has several: which one it is, and which rules hold then. */

import type { Capabilities } from './capabilities.ts';
import { error, type Issue, note } from './issue.ts';
import type { Content } from './publisher.ts';
import type { PostFormat } from './words.ts';

/** What decides the format. */
type Chosen = Pick<Content, 'format' | 'media'>;

/** In words, after what it is about: "Instagram, as a reel". */
export const FORMAT_WORDS: Readonly<Record<PostFormat, string>> = {
  feed: 'in the feed',
  reel: 'as a reel',
  story: 'as a story',
};

const MANY: Readonly<Record<PostFormat, string>> = { feed: 'feed', reel: 'reels', story: 'stories' };

/** What the person chose where the network has it, else what it makes of such media; undefined where there is one kind of post. */
export function formatOf(
  { formats }: Pick<Capabilities, 'formats'>,
  { format, media }: Chosen,
): PostFormat | undefined {
  if (!formats) return undefined;
  return format !== undefined && formats.rules[format] ? format : formats.standard(media);
}

/** The network with the rules that hold for this content: those of its format, where it has several. */
export function rulesFor(capabilities: Capabilities, content: Chosen): Capabilities {
  const format = formatOf(capabilities, content);
  const rules = format && capabilities.formats?.rules[format];
  if (!rules) return capabilities;
  const { altText: _general, ...common } = capabilities;
  return { ...common, ...rules };
}

/**
 * A choice that the network does not know. Nobody would look for a story in the feed, where it stays for good, so that is an
 * error; a reel without reels is an ordinary video, which is only told.
 */
export function formatIssues({ formats }: Capabilities, { format }: Chosen): readonly Issue[] {
  if (format === undefined || formats?.rules[format]) return [];
  const missing = `there are no ${MANY[format]} here`;
  const found = `as:${format}`;
  if (format === 'story')
    return [
      error(
        'FORMAT_UNKNOWN',
        'format',
        missing,
        found,
        'Leave this network out, or give it as:feed with /edit.',
      ),
    ];
  if (format === 'feed') return [];
  return [note('FORMAT_IGNORED', 'format', missing, found, 'It will be an ordinary post.')];
}

/** Broken rules of a chosen format say so: the same media may well stand in another way. */
export function inFormat(
  issues: readonly Issue[],
  { formats }: Capabilities,
  { format }: Chosen,
): readonly Issue[] {
  if (format === undefined || format === 'feed' || !formats?.rules[format]) return issues;
  return issues.map((issue) => ({ ...issue, rule: `${FORMAT_WORDS[format]}: ${issue.rule}` }));
}
