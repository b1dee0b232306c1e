/** What one file breaks of a network's rules, and what will visibly be done to it so that it fits. */
import type { FitPlan } from './media.ts';
import { planMedium } from './media-plan.ts';
import type { Capabilities, Issue } from './publisher.ts';
import type { MediaItem } from './words.ts';

/** Errors for what cannot be made fit; a warning for changes that a person would see. */
export function fileIssues({ media }: Capabilities, item: MediaItem): readonly Issue[] {
  const verdict = planMedium(item, media);
  if ('fits' in verdict) return [];
  if ('issues' in verdict) {
    // Kinds that are not taken at all are told once for all files, not here for each.
    const own = verdict.issues.filter((issue) => issue.code !== 'MEDIA_KIND');
    return own.map((issue) => ({ ...issue, found: `${issue.found} (${item.name})` }));
  }
  if (!isVisible(item, verdict.plan)) return [];
  return [
    {
      code: 'MEDIA_CHANGED',
      field: 'media',
      rule: 'files are fitted to what is taken here',
      found: `${item.name}: ${verdict.changes.join('; ')}`,
      hint: 'Nothing to do. Send a file that fits if it should stay as it is.',
      severity: 'warning',
    },
  ];
}

/** Scaling down and other formats do not show; margins, a standing animation and lost transparency do. */
function isVisible(item: MediaItem, plan: FitPlan): boolean {
  const standsStill = item.kind === 'gif' && plan.format !== 'gif';
  const losesTransparency = item.alpha === true && plan.format === 'jpeg';
  return plan.shape === 'pad' || standsStill || losesTransparency;
}
