/** What one account is to say: the post's words, overlaid by the words for its network, then by those for the account itself. */
import type { Content } from '../publisher.ts';
import type { Account, Post } from '../words.ts';

export function contentFor(
  post: Pick<Post, 'words' | 'variants' | 'media'>,
  account: Pick<Account, 'id' | 'network'>,
): Content {
  return {
    ...post.words,
    ...post.variants[account.network],
    ...post.variants[account.id],
    media: post.media,
  };
}
