/** Shapes of X's answers, as far as they are used. Unknown fields are left alone; both the old and the new names are read. */
import { z } from 'zod';

const id = z.string().regex(/^[0-9]{1,19}$/);

export const createdPost = z.object({ data: z.object({ id }) });
export const currentUser = z.object({ data: z.object({ id, name: z.string(), username: z.string() }) });
export const deletedPost = z.object({ data: z.object({ deleted: z.boolean() }) });

export const anyAnswer = z.unknown();

export const upload = z.object({
  data: z.object({
    id,
    expires_after_secs: z.number().optional(),
    processing_info: z
      .object({
        state: z.enum(['pending', 'in_progress', 'succeeded', 'failed']).optional().catch(undefined),
        check_after_secs: z.number().optional(),
        progress_percent: z.number().optional(),
        // Not in the published description, but sent when processing failed.
        error: z.object({ name: z.string().optional(), message: z.string().optional() }).nullish(),
      })
      .nullish(),
  }),
});

export type UploadAnswer = z.infer<typeof upload>['data'];

const urlEntity = z.object({
  url: z.string().nullish(),
  expanded_url: z.string().nullish(),
  media_key: z.string().nullish(),
});
const entities = z.object({ urls: z.array(urlEntity).nullish() }).nullish();
/** A text longer than 280 is given here in full. */
const note = z.object({ text: z.string(), entities }).nullish();

const post = z.object({
  id,
  text: z.string(),
  created_at: z.string().nullish(),
  entities,
  attachments: z.object({ media_keys: z.array(z.string()).nullish() }).nullish(),
  // Since August 2026 the published description says `note_post`; before, and in prose, `note_tweet`.
  note_post: note,
  note_tweet: note,
  /** The id of the post that began the conversation; its own, when it answers none. */
  conversation_id: id.nullish(),
});

export type ReadPost = z.infer<typeof post>;

/**
 * An account without posts in the window has no `data`, but says that it counted none. An answer that says neither (an
 * error beside a 200, an empty object) is no proof of an absence.
 */
export const timeline = z
  .object({
    data: z.array(post).optional(),
    meta: z.object({ result_count: z.number().optional(), next_token: z.string().optional() }).optional(),
  })
  .refine(({ data, meta }) => data !== undefined || meta?.result_count === 0);

const count = z.number().optional();
const counted = z.object({
  // Since August 2026 the published description says `repost_count`; before, and in prose, `retweet_count`.
  public_metrics: z
    .object({
      impression_count: count,
      like_count: count,
      reply_count: count,
      repost_count: count,
      retweet_count: count,
      quote_count: count,
      bookmark_count: count,
    })
    .optional(),
  non_public_metrics: z.object({ impression_count: count, url_link_clicks: count }).optional(),
});

/** A post that is gone, or fields that are not for us, come as errors beside a 200. */
export const countedPost = z.object({
  data: counted.optional(),
  includes: z
    .object({
      media: z.array(z.object({ public_metrics: z.object({ view_count: count }).optional() })).optional(),
    })
    .optional(),
  errors: z.array(z.object({ type: z.string().optional(), detail: z.string().optional() })).optional(),
});
export type Counted = z.infer<typeof countedPost> & { readonly data: z.infer<typeof counted> };
