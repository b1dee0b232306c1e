/** Whose credentials these are, and which of that person's blogs are posted to. */
import { failure } from '../../core/errors.ts';
import type { Identification } from '../../core/publisher.ts';
import type { Account } from '../../core/words.ts';
import { type ReadBlog, userInfo } from './answers.ts';
import { ask, type TumblrSession } from './ask.ts';

/** The blog of an account, as it stands in the path of a call. Its unique identifier outlives its name. */
export function blogSegment({ remoteId, handle }: Pick<Account, 'remoteId' | 'handle'>): string {
  return encodeURIComponent(remoteId ?? handle.replace(/^@/, '')).replaceAll('%3A', ':');
}

/**
 * A blog as people write it (name, @name, host name, address, `t:…`) in the form that Tumblr uses
 * (https://github.com/tumblr/docs/blob/master/api.md#blog-identifiers): name, host name, or unique identifier.
 */
function blogIdentifier(typed: string): string {
  const address = typed.trim().replace(/^https?:\/\//i, '');
  const onTumblr = /^(?:www\.)?tumblr\.com\/(?:blog\/)?@?([^/?#]+)/i.exec(address)?.[1];
  const host = address.split(/[/?#]/)[0] ?? address;
  return onTumblr ?? host.replace(/^@/, '');
}

/** Throws PermissionMissing when the person may not post to the blog. */
export async function identify(
  session: Pick<TumblrSession, 'client'>,
  typed: string,
  signal: AbortSignal,
): Promise<Identification> {
  const { user } = (await ask(session, { method: 'GET', path: 'user/info' }, userInfo, signal)).response;
  const wanted = blogIdentifier(typed).toLowerCase();
  const blog = user.blogs.find((each) => namesOf(each).includes(wanted));
  if (!blog) {
    const theirs = user.blogs.map(({ name }) => name).join(', ') || 'none';
    throw failure('PermissionMissing', {
      code: 'PERMISSION_MISSING',
      message: `${user.name} on Tumblr may not post to “${typed}”; possible: ${theirs}.`,
      hint: 'Set TUMBLR_BLOG to some of these, or use the token of somebody who may post there.',
      context: { network: 'tumblr', step: 'identify' },
    });
  }
  return {
    remoteId: blog.uuid ?? blog.name,
    handle: blog.name,
    name: blog.title?.trim() || blog.name,
    profileUrl: blog.url ?? `https://www.tumblr.com/${blog.name}`,
  };
}

function namesOf({ name, url, uuid }: ReadBlog): readonly string[] {
  const host = url && URL.canParse(url) ? [new URL(url).host] : [];
  return [name, `${name}.tumblr.com`, ...host, ...(uuid ? [uuid] : [])].map((each) => each.toLowerCase());
}
