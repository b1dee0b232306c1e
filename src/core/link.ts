/** The address that belongs to a post, as people type it. */
import { usageError } from './errors.ts';

const WHOLE = /^https?:\/\/[^\s/?#]+\S*$/i;
/** `example.org/page`: an address without its beginning. */
const BARE = /^[^\s/:@]+\.[^\s/:@.]{2,}(?:[/?#]\S*)?$/;

/** Empty takes away the one that is there. Error: OPTION_INVALID; a network would say so only when the post goes out. */
export function readLink(typed: string): string {
  const link = typed.trim();
  if (link === '' || (WHOLE.test(link) && URL.canParse(link))) return link;
  throw usageError(
    'OPTION_INVALID',
    `\`link\` is “${link.slice(0, 80)}”: that is no web address.`,
    `Write it in full, such as link:https://${BARE.test(link) ? link.slice(0, 200) : 'example.org/page'}`,
  );
}
