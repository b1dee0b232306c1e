/** What the tests of deliveries look at: how one stands, and what the chat was told; and a fault of the network. */
import { failure } from '../../../src/core/errors.ts';
import type { Delivery } from '../../../src/core/words.ts';
import type { Told } from '../../helpers/played-chats.ts';
import type { Stage } from '../../helpers/stage.ts';

export const unavailable = () =>
  failure('PlatformUnavailable', {
    code: 'PLATFORM_UNAVAILABLE',
    message: 'X does not answer.',
    hint: 'It is tried again.',
  });

export async function deliveryOf(
  { stores, workspaceId }: Stage,
  postId: string,
  accountId = 'x1',
): Promise<Delivery | undefined> {
  const all = await stores.deliveries.ofPost(workspaceId, postId);
  return all.find((each) => each.accountId === accountId);
}

/** Messages of their own, without the changes of cards. */
export function noticesOf({ told }: Stage): readonly Told[] {
  return told.filter((each) => each.kind === 'send');
}
