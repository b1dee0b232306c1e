/** What the card says about converting videos: that it is possible, how far it is, and what was made. */
import { describeBytes, describeSize } from '../quantities.ts';
import { type Block, type Button, text } from '../reply.ts';
import type { ConversionOffer } from '../services/conversion-offers.ts';
import type { ConversionStanding } from '../services/conversions.ts';
import type { PostView } from '../services/post-view.ts';
import { describeVideoPlan } from '../video-plan.ts';
import type { Post } from '../words.ts';
import { button, type DrawContext } from './parts.ts';

export function conversionLines(
  conversion: ConversionStanding | undefined,
  context: DrawContext,
): readonly Block[] {
  if (!conversion) return [];
  if (conversion.state === 'running')
    return [text(`Converting the video: ${Math.floor(conversion.fraction * 100)} %`)];
  const { error, offers } = conversion;
  return [
    ...(error ? [text(`${error.message} ${error.hint}`)] : []),
    ...offers.map((offer) => text(possible(offer, context))),
  ];
}

function possible({ item, account, plan }: ConversionOffer, context: DrawContext): string {
  return `It can be converted here for ${context.labelOf(account)}: ${item.name} ${describeVideoPlan(plan)}. The original is kept.`;
}

export function conversionButtons({ id }: Post, conversion: ConversionStanding | undefined): Button[] {
  if (!conversion) return [];
  return conversion.state === 'running'
    ? [button('Stop converting', `schedule.stop:${id}`)]
    : [button('Convert the video', `schedule.convert:${id}`)];
}

/** Never silently: which accounts get a copy, and what it is. */
export function convertedLines({ post, accounts }: PostView, context: DrawContext): readonly Block[] {
  return post.media.flatMap(({ name, conversions = {} }) =>
    accounts.flatMap((account) => {
      const copy = conversions[account.id];
      if (!copy) return [];
      const facts = `${describeSize(copy.width, copy.height)}, ${describeBytes(copy.bytes)}`;
      return [text(`${context.labelOf(account)} gets ${name} converted: ${facts}`)];
    }),
  );
}
