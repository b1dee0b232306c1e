/** Which videos of a post could be made anew, and how, so that an account's network takes them. */

import type { VideoRule } from '../capabilities.ts';
import { contentFor } from '../delivery/content.ts';
import { rulesFor } from '../formats.ts';
import type { Publisher } from '../publisher.ts';
import { checkVideo } from '../video-check.ts';
import { planVideo, type VideoPlan } from '../video-plan.ts';
import type { Account, MediaItem, Post } from '../words.ts';

/** One video for one account. */
export interface ConversionOffer {
  readonly item: MediaItem;
  readonly account: Account;
  readonly rule: VideoRule;
  readonly plan: VideoPlan;
}

/** The videos that break a rule of the account's network and can be made fit; always made from the original. */
export function offersOf(
  post: Post,
  account: Account,
  publisher: Pick<Publisher, 'capabilities'> | undefined,
): readonly ConversionOffer[] {
  const content = contentFor(post, account);
  const rule = publisher && rulesFor(publisher.capabilities, content).media.video?.rule;
  if (!rule) return [];
  return post.media.flatMap((item, index) => {
    const now = content.media[index];
    if (now?.kind !== 'video' || checkVideo(now, rule).length === 0) return [];
    const plan = planVideo(item, rule, content.fit);
    return plan ? [{ item, account, rule, plan }] : [];
  });
}
