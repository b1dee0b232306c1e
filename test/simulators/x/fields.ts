/** What of a post is shown: the fields that a query asks for, by the names that are understood. */
import type { PostOptions, SimulatedPost } from './posts.ts';
import { invalid } from './problems.ts';

/** The fields that are asked for by the name that is understood; other parameters than `others` are refused. */
export function fieldsOf(
  query: URLSearchParams,
  others: readonly string[],
  options: Pick<PostOptions, 'fieldNames' | 'unknownFields'>,
): ReadonlySet<string> {
  const [known = '', unknown] =
    options.fieldNames === 'old' ? ['tweet.fields', 'post.fields'] : ['post.fields', 'tweet.fields'];
  for (const name of query.keys()) {
    if (others.includes(name) || name === known) continue;
    if (name === unknown && options.unknownFields === 'ignored') continue;
    throw invalid(name, query.get(name), `The query parameter [${name}] is not one of those that are known`);
  }
  return new Set((query.get(known) ?? '').split(','));
}

/** A post with the fields that were asked for. */
export function shown(post: SimulatedPost, fields: ReadonlySet<string>): object {
  return {
    id: post.id,
    text: post.text,
    ...(fields.has('created_at') ? { created_at: post.createdAt.toISOString() } : {}),
    ...(fields.has('entities') && post.urls.length > 0 ? { entities: { urls: post.urls } } : {}),
    ...(fields.has('conversation_id') ? { conversation_id: post.conversation } : {}),
    ...(fields.has('attachments') && post.media.length > 0
      ? { attachments: { media_keys: post.media.map((each) => `3_${each.id}`) } }
      : {}),
  };
}
