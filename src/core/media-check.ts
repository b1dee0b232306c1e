/** Which media and how many of them a post may have, and what may be said of them. */

import type { Capabilities } from './capabilities.ts';
import { shownMedia } from './cover.ts';
import { error, type Issue, warning } from './issue.ts';
import type { Content } from './publisher.ts';

/** Kinds that are not taken, too many of one or of all, kinds that do not go together. */
export function mediaIssues(rules: Capabilities, content: Content): readonly Issue[] {
  const { media } = rules;
  const shown = shownMedia(rules, content.media);
  const count = (kind: string): number => shown.filter((item) => item.kind === kind).length;
  const gifs = media.gif ? count('gif') : 0;
  const images = count('image') + (media.gif ? 0 : count('gif'));
  const videos = count('video');
  const issues: Issue[] = [];
  const most = (what: string, found: number, rule: { readonly max: number } | undefined): void => {
    if (found === 0) return;
    if (rule === undefined) {
      issues.push(
        error(
          'MEDIA_KIND',
          'media',
          `no ${what}s`,
          `${found}`,
          `Leave out the ${what}s, or leave this network out.`,
        ),
      );
    } else if (found > rule.max) {
      const allowed = `at most ${rule.max} ${what}${rule.max === 1 ? '' : 's'}`;
      issues.push(
        error('MEDIA_TOO_MANY', 'media', allowed, `${found}`, `Leave out ${found - rule.max} of them.`),
      );
    }
  };
  most('picture', images, media.image);
  most('GIF', gifs, media.gif);
  most('video', videos, media.video);
  const kinds = [images, gifs, videos].filter((found) => found > 0).length;
  if (kinds > 1 && !media.mixed) {
    const found = `${images} pictures, ${gifs} GIFs, ${videos} videos`;
    issues.push(
      error(
        'MEDIA_MIXED',
        'media',
        'one kind of media in a post',
        found,
        'Split the post, or leave out the others.',
      ),
    );
  } else if (issues.length === 0 && shown.length > media.maxItems) {
    const over = shown.length - media.maxItems;
    issues.push(
      error(
        'MEDIA_TOO_MANY',
        'media',
        `at most ${media.maxItems} media`,
        `${shown.length}`,
        `Leave out ${over} of them.`,
      ),
    );
  }
  return issues;
}

/** Alt text that is too long, or that nobody would see. */
export function altIssues({ altText }: Capabilities, content: Content): readonly Issue[] {
  return content.media.flatMap((item): Issue[] => {
    const length = [...(item.alt ?? '')].length;
    if (length === 0) return [];
    if (!altText)
      return [
        warning(
          'ALT_DROPPED',
          'alt',
          'there is no alt text here',
          `alt text of ${item.name}`,
          'It will be left out.',
        ),
      ];
    if (length <= altText.limit) return [];
    const rule = `alt text of at most ${altText.limit} characters`;
    return [
      error(
        'ALT_TOO_LONG',
        'alt',
        rule,
        `${length} for ${item.name}`,
        `Shorten it by ${length - altText.limit}.`,
      ),
    ];
  });
}
