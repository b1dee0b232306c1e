/** One medium against one network: which of the rules speaks, and what follows. */

import type { Capabilities, ImageRule } from './capabilities.ts';
import { type ImageVerdict, planGif, planImage } from './image-plan.ts';
import type { Issue } from './issue.ts';
import type { FitPlan } from './media.ts';
import { checkVideo } from './video-check.ts';
import type { MediaFacts, MediaKind, PictureFit } from './words.ts';

export type MediaVerdict =
  | { readonly fits: true }
  /** `rule` bounds what the fitter may do to reach the plan's weight. */
  | { readonly plan: FitPlan; readonly rule: ImageRule; readonly changes: readonly string[] }
  | { readonly issues: readonly Issue[] };

/** Used by `validate` (what will be told) and when a post goes out (what is done), so that the two cannot differ. */
export function planMedium(facts: MediaFacts, rules: Capabilities['media'], fit?: PictureFit): MediaVerdict {
  if (facts.kind === 'video') {
    if (!rules.video) return notTaken('video', rules);
    const issues = checkVideo(facts, rules.video.rule);
    return issues.length === 0 ? { fits: true } : { issues };
  }
  if (facts.kind === 'gif' && rules.gif) {
    const { maxBytes, maxWidth, maxHeight } = rules.gif.rule;
    const asImage: ImageRule = { formats: ['image/gif'], maxBytes, minWidth: 1, maxWidth, maxHeight };
    return verdict(planGif(facts, rules.gif.rule), asImage);
  }
  // Where only videos are shown, a picture can still be the cover of one.
  const picture = rules.image?.rule ?? rules.video?.cover?.picture;
  if (!picture) return notTaken(facts.kind, rules);
  return verdict(planImage(facts, picture, fit), picture);
}

function verdict(image: ImageVerdict, rule: ImageRule): MediaVerdict {
  if ('fits' in image) return image;
  return 'issue' in image ? { issues: [image.issue] } : { ...image, rule };
}

const NAMES: Readonly<Record<MediaKind, string>> = {
  image: 'a picture',
  gif: 'an animation',
  video: 'a video',
};

function notTaken(kind: MediaKind, rules: Capabilities['media']): MediaVerdict {
  const taken = [
    rules.image ? 'pictures' : '',
    rules.gif ? 'animations' : '',
    rules.video ? 'videos' : '',
  ].filter((word) => word !== '');
  const issue: Issue = {
    code: 'MEDIA_KIND',
    field: 'media',
    rule: taken.length === 0 ? 'no media' : `only ${taken.join(' and ')}`,
    found: NAMES[kind],
    hint: 'Leave it out for this network, or post it to the others.',
    severity: 'error',
  };
  return { issues: [issue] };
}
