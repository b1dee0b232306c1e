/** What of a post its card depends on, so that one that stands already is not drawn again without what was said with it. */
import type { ConversionStanding } from '../services/conversions.ts';
import type { PostView } from '../services/post-view.ts';

/** Equal for two cards that say the same; the passing of time does not count. */
export function cardState({ post, deliveries }: PostView, conversion?: ConversionStanding): string {
  const stands = deliveries.map((each) => [
    ...[each.accountId, each.state, each.settledAt, each.failures, each.looks, each.progress, each.remark],
    ...[each.remoteUrl, each.parts?.length, each.error, each.error && each.nextAttemptAt],
  ]);
  const converts =
    conversion?.state === 'running'
      ? conversion.fraction
      : [conversion?.offers.length, conversion?.error?.message];
  return JSON.stringify([post.revision, post.standing, stands, converts]);
}
