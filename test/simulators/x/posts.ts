/** The posts of one user, as X shows them: links shortened, HTML characters escaped, media linked at the end. */
import { createRequire } from 'node:module';
import { audienceOf, pollOf } from './extras.ts';
import { fieldsOf, shown } from './fields.ts';
import type { createMedia, SimulatedMedia } from './media.ts';
import { only } from './media.ts';
import { forbidden, invalid, notFound } from './problems.ts';

const twitterText = createRequire(import.meta.url)(
  '@ambassify/twitter-text',
) as typeof import('@ambassify/twitter-text');

export interface SimulatedPost {
  readonly id: string;
  /** As it was sent. */
  readonly sent: string;
  /** As it is shown. */
  readonly text: string;
  readonly createdAt: Date;
  readonly media: readonly SimulatedMedia[];
  readonly urls: readonly object[];
  readonly poll?: { readonly options: readonly string[]; readonly minutes: number };
  readonly replySettings?: string;
  /** The id of the post that it answers. */
  readonly repliedTo?: string;
  /** The id of the post that began the conversation. */
  readonly conversation: string;
}

export interface PostOptions {
  /** The field names that are understood: before August 2026, after, or both. Others are refused or ignored. */
  fieldNames: 'old' | 'new';
  unknownFields: 'refused' | 'ignored';
  /** X refuses words that were published already; a test that counts doubles lets them in. */
  duplicates: 'refused' | 'allowed';
  /** Posts appear on the timeline after this time, in milliseconds. */
  lagMs: number;
  /** What is counted of every post, by X's older names; `url_link_clicks` and `view_count` as well. */
  numbers: Readonly<Record<string, number>>;
}

const LOOK_UP_PARAMETERS = ['expansions', 'media.fields'];
/** https://docs.x.com/x-api/fundamentals/metrics: what only the owner sees is kept for 30 days. */
const OWNER_METRICS_MS = 30 * 86_400_000;
const NOT_FOR_YOU = {
  title: 'Field Authorization Error',
  detail: "Sorry, you are not authorized to access 'non_public_metrics' on the Tweet.",
  type: 'https://api.x.com/2/problems/not-authorized-for-field',
  field: 'non_public_metrics',
};
const NO_COUNTS = {
  impression_count: 0,
  like_count: 0,
  reply_count: 0,
  retweet_count: 0,
  quote_count: 0,
  bookmark_count: 0,
};
const TIMELINE_PARAMETERS = ['max_results', 'start_time', 'exclude', 'pagination_token'];

export function createPosts(
  user: { readonly id: string; readonly username: string },
  now: () => number,
  media: ReturnType<typeof createMedia>,
  options: PostOptions,
) {
  const all: SimulatedPost[] = [];
  let last = 1_990_000_000_000_000_000n;
  let links = 0;

  const attached = (ids: unknown): readonly SimulatedMedia[] => {
    if (ids === undefined) return [];
    if (!Array.isArray(ids) || ids.length < 1 || ids.length > 4)
      throw invalid('media.media_ids', ids, '1 to 4 ids');
    const items = ids.map((id) => {
      const found = media.all.get(String(id));
      if (!found || found.expiresAt <= now() || media.find(found.id).state !== 'succeeded')
        throw invalid('media.media_ids', id, 'Your media IDs are invalid.');
      return found;
    });
    if (items.length > 1 && items.some((each) => each.category !== 'tweet_image'))
      throw forbidden('You may attach up to 4 photos, 1 animated GIF or 1 video.');
    return items;
  };

  const shortened = (text: string): { text: string; urls: object[] } => {
    const urls: object[] = [];
    let result = '';
    let end = 0;
    for (const { url, indices } of twitterText.extractUrlsWithIndices(text)) {
      links += 1;
      const short = `https://t.co/${String(links).padStart(10, 'a')}`;
      urls.push({
        url: short,
        expanded_url: new URL(/^https?:/i.test(url) ? url : `http://${url}`).href,
        display_url: url,
      });
      result += text.slice(end, indices[0]) + short;
      end = indices[1];
    }
    return { text: result + text.slice(end), urls };
  };

  const replyOf = (value: unknown): string | undefined => {
    if (value === undefined) return undefined;
    const given = value as Record<string, unknown>;
    only('reply', given, ['in_reply_to_tweet_id']);
    const id = String(given.in_reply_to_tweet_id);
    if (!all.some((each) => each.id === id))
      throw forbidden('You attempted to reply to a Tweet that is deleted or not visible to you.');
    return id;
  };

  return {
    all,

    create(body: Record<string, unknown>): unknown {
      only('Posts', body, ['text', 'media', 'poll', 'reply', 'reply_settings']);
      const given = body.media as Record<string, unknown> | undefined;
      only('media', given ?? {}, ['media_ids']);
      const items = attached(given?.media_ids);
      const poll = pollOf(body.poll, items);
      const repliedTo = replyOf(body.reply);
      const audience = audienceOf(body.reply_settings, repliedTo);
      const sent = typeof body.text === 'string' ? body.text.normalize('NFC').trim() : '';
      if (sent === '' && items.length === 0) throw invalid('text', sent, 'text or media is required');
      if (sent !== '' && twitterText.parseTweet(sent).weightedLength > 280)
        throw forbidden('Your Tweet text is too long.');
      if (options.duplicates === 'refused' && items.length === 0 && all.some((each) => each.sent === sent)) {
        throw forbidden('You are not allowed to create a Tweet with duplicate content.');
      }
      last += 1n;
      const id = String(last);
      const { text, urls } = shortened(sent);
      links += 1;
      const mediaLink = `https://t.co/${String(links).padStart(10, 'm')}`;
      for (const [index, each] of items.entries()) {
        const kind = each.category === 'tweet_video' ? 'video' : 'photo';
        urls.push({
          url: mediaLink,
          expanded_url: `https://x.com/${user.username}/status/${id}/${kind}/${index + 1}`,
          media_key: `3_${each.id}`,
        });
      }
      const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      const withMedia = items.length === 0 ? escaped : `${escaped} ${mediaLink}`.trim();
      all.push({
        id,
        sent,
        text: withMedia,
        createdAt: new Date(now()),
        media: items,
        urls,
        ...poll,
        ...audience,
        ...(repliedTo ? { repliedTo } : {}),
        // It stays when the post that began it is deleted.
        conversation: all.find((each) => each.id === repliedTo)?.conversation ?? id,
      });
      return { data: { id, text: withMedia, edit_history_tweet_ids: [id] } };
    },

    remove(id: string): unknown {
      const index = all.findIndex((each) => each.id === id);
      if (index < 0) throw notFound('tweet', id);
      all.splice(index, 1);
      return { data: { deleted: true } };
    },

    /** One post; what is wrong with it or its fields comes as errors beside a 200. */
    lookUp(id: string, query: URLSearchParams): unknown {
      const fields = fieldsOf(query, LOOK_UP_PARAMETERS, options);
      const post = all.find((each) => each.id === id);
      if (!post) return { errors: [notFound('tweet', id).body] };
      const isOld = now() - post.createdAt.getTime() > OWNER_METRICS_MS;
      const { url_link_clicks, view_count = 0, ...counts } = options.numbers;
      const isNew = options.fieldNames === 'new';
      const { retweet_count, ...rest } = { ...NO_COUNTS, ...counts };
      const seen = { ...rest, [isNew ? 'repost_count' : 'retweet_count']: retweet_count };
      const isRefused = fields.has('non_public_metrics') && isOld;
      const data = {
        ...shown(post, fields),
        ...(fields.has('public_metrics') ? { public_metrics: seen } : {}),
        ...(fields.has('non_public_metrics')
          ? { non_public_metrics: { impression_count: seen.impression_count, url_link_clicks } }
          : {}),
      };
      if (isRefused) return { errors: [NOT_FOR_YOU] };
      const withMedia = query.has('expansions') && query.get('media.fields') === 'public_metrics';
      if (!withMedia || post.media.length === 0) return { data };
      const media = post.media.map((each) => ({
        media_key: `3_${each.id}`,
        type: 'video',
        public_metrics: { view_count },
      }));
      return { data, includes: { media } };
    },

    timeline(userId: string, query: URLSearchParams): unknown {
      if (userId !== user.id) throw notFound('user', userId);
      const fields = fieldsOf(query, TIMELINE_PARAMETERS, options);
      const most = Number(query.get('max_results') ?? 10);
      if (!Number.isInteger(most) || most < 5 || most > 100) throw invalid('max_results', most, '5 to 100');
      const start = query.get('start_time');
      if (start && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(start))
        throw invalid('start_time', start, 'not a date-time');
      const from = Number(query.get('pagination_token')?.slice(1) ?? 0);
      const excluded = (query.get('exclude') ?? '').split(',');
      const visible = all
        .filter(
          (each) =>
            (!start || each.createdAt >= new Date(start)) &&
            // Words that begin with a mention count as a reply.
            !(excluded.includes('replies') && (each.repliedTo || each.sent.startsWith('@'))) &&
            each.createdAt.getTime() + options.lagMs <= now(),
        )
        .reverse();
      const page = visible.slice(from, from + most);
      const meta = {
        result_count: page.length,
        ...(from + most < visible.length ? { next_token: `p${from + most}` } : {}),
      };
      return page.length === 0 ? { meta } : { data: page.map((each) => shown(each, fields)), meta };
    },
  };
}
