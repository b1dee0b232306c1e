/** What one account is to say: the post's words, overlaid by the words for its network, then by those for the account itself. */
import type { Capabilities } from '../capabilities.ts';
import type { Content } from '../publisher.ts';
import { withoutBreaks } from '../thread.ts';
import type { Account, MediaItem, Post } from '../words.ts';

type Said = Pick<Post, 'words' | 'variants' | 'media'>;
type Teller = Pick<Account, 'id' | 'network'>;

export function contentFor(post: Said, account: Teller): Content {
  return {
    ...post.words,
    ...post.variants[account.network],
    ...post.variants[account.id],
    media: post.media.map((item) => mediumFor(item, account.id)),
  };
}

/** The copy that was made for the account, where its network does not take the original. */
function mediumFor({ conversions, ...item }: MediaItem, accountId: string): MediaItem {
  const copy = conversions?.[accountId];
  if (!copy) return item;
  const { name, alt } = item;
  return {
    ...copy,
    name: name.replace(/(\.[A-Za-z0-9]{1,5})?$/, '.mp4'),
    ...(alt === undefined ? {} : { alt }),
  };
}

/** As it stands there: the breaks that a person made for a thread are no words, and without threads would be read as such. */
export function contentOn(capabilities: Pick<Capabilities, 'thread'>, post: Said, account: Teller): Content {
  const content = contentFor(post, account);
  if (!content.thread || capabilities.thread) return content;
  return { ...content, text: withoutBreaks(content.text) };
}
