/** Checks one file against the rules of a network for its kind. GIFs and videos are never altered silently, so a broken rule is an error. */
import type { Capabilities, GifRule, Issue } from './publisher.ts';
import { describeBytes, describeSize } from './quantities.ts';
import type { MediaItem } from './words.ts';

/** What is wrong with this file for this network, or what will be done to it that a person should know. */
export function fileIssues({ media }: Capabilities, item: MediaItem): readonly Issue[] {
  if (item.kind === 'gif') return media.gif ? gifIssues(item, media.gif.rule) : stillIssues(item);
  return [];
}

function gifIssues(item: MediaItem, rule: GifRule): readonly Issue[] {
  const issues: Issue[] = [];
  const broken = (code: string, allowed: string, found: string, hint: string): void => {
    issues.push({
      code,
      field: 'media',
      rule: allowed,
      found: `${found} (${item.name})`,
      hint,
      severity: 'error',
    });
  };
  if (item.bytes > rule.maxBytes) {
    const hint = 'Make it smaller or shorter, or send it as a video.';
    broken(
      'GIF_TOO_LARGE',
      `a GIF of at most ${describeBytes(rule.maxBytes)}`,
      describeBytes(item.bytes),
      hint,
    );
  }
  if (item.width > rule.maxWidth || item.height > rule.maxHeight) {
    const allowed = `a GIF of at most ${describeSize(rule.maxWidth, rule.maxHeight)} pixels`;
    broken(
      'GIF_TOO_WIDE',
      allowed,
      describeSize(item.width, item.height),
      'Scale it down, or send it as a video.',
    );
  }
  const frames = item.frames ?? 1;
  if (frames > rule.maxFrames) {
    broken(
      'GIF_TOO_LONG',
      `a GIF of at most ${rule.maxFrames} frames`,
      `${frames} frames`,
      'Shorten it, or send it as a video.',
    );
  }
  return issues;
}

/** A network without animated GIFs takes the first frame as a picture. */
function stillIssues(item: MediaItem): readonly Issue[] {
  return [
    {
      code: 'GIF_STANDS_STILL',
      field: 'media',
      rule: 'animated GIFs do not move here',
      found: item.name,
      hint: 'Its first frame will be shown as a picture. Send a video if it should move.',
      severity: 'warning',
    },
  ];
}
