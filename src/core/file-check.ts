/** What the files break of a network's rules, and what will visibly be done to them so that they fit. */

import type { Capabilities } from './capabilities.ts';
import type { Issue } from './issue.ts';
import type { FitPlan } from './media.ts';
import { planMedium } from './media-plan.ts';
import type { Content } from './publisher.ts';
import type { MediaItem, PictureFit } from './words.ts';

/** Errors for what cannot be made fit; a warning for changes that a person would see. */
export function fileIssues({ media }: Capabilities, content: Content): readonly Issue[] {
  return content.media.flatMap((item, index) => {
    const verdict = planMedium(item, media, content.fit);
    if ('fits' in verdict) return [];
    if ('issues' in verdict) {
      // Kinds that are not taken at all are told once for all files, not here for each.
      const own = verdict.issues.filter((issue) => issue.code !== 'MEDIA_KIND');
      return own.map((issue) => ({ ...issue, found: `${issue.found} (${item.name})` }));
    }
    if (!isVisible(item, verdict.plan)) return [];
    const place = content.media.length > 1 ? `picture ${index + 1} (${item.name})` : item.name;
    return [changed(`${place}: ${verdict.changes.join('; ')}`, verdict.plan)];
  });
}

/** Scaling down and other formats do not show; another shape, a standing animation and lost transparency do. */
function isVisible(item: MediaItem, plan: FitPlan): boolean {
  const standsStill = item.kind === 'gif' && plan.format !== 'gif';
  const losesTransparency = item.alpha === true && plan.format === 'jpeg';
  return plan.shape !== 'keep' || standsStill || losesTransparency;
}

const OTHER_WAY: Readonly<Record<PictureFit, NonNullable<Issue['choices']>[number]>> = {
  pad: { value: 'crop', label: 'Crop instead' },
  crop: { value: 'pad', label: 'Margins instead' },
};

function changed(found: string, { shape }: FitPlan): Issue {
  const common = { code: 'MEDIA_CHANGED', rule: 'files are fitted to what is taken here', found } as const;
  const asItIs = 'Send a file that fits if it should stay as it is.';
  if (shape === 'keep')
    return { ...common, field: 'media', hint: `Nothing to do. ${asItIs}`, severity: 'warning' };
  const other = OTHER_WAY[shape];
  const hint = `The other way: fit:${other.value}. ${asItIs}`;
  return { ...common, field: 'fit', hint, choices: [other], severity: 'warning' };
}
