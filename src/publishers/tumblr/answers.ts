/** Shapes of Tumblr's answers, as far as they are used. Unknown fields are left alone. */
import { z } from 'zod';

/** Ids have 64 bits: a number would lose the last digits, so only texts are read. */
const id = z.string().regex(/^[0-9]{1,20}$/);

export const createdPost = z.object({ response: z.object({ id, state: z.string().optional() }) });

const blog = z.object({
  name: z.string(),
  title: z.string().nullish(),
  url: z.string().nullish(),
  uuid: z.string().nullish(),
});

export type ReadBlog = z.infer<typeof blog>;

export const userInfo = z.object({
  response: z.object({ user: z.object({ name: z.string(), blogs: z.array(blog) }) }),
});

const allowance = z
  .object({ remaining: z.number(), reset_at: z.number().nullish() })
  .optional()
  .catch(undefined);

/** The documentation shows the form of an entry and not the names of all; those that are missing count as not spent. */
export const userLimits = z.object({
  response: z.object({
    user: z.object({
      posts: allowance,
      photos: allowance,
      videos: allowance,
      video_seconds: allowance,
    }),
  }),
});

export type Allowances = z.infer<typeof userLimits>['response']['user'];

const block = z.object({ type: z.string(), text: z.string().nullish(), url: z.string().nullish() });

const post = z.object({
  id_string: id,
  post_url: z.string().nullish(),
  state: z.string().nullish(),
  /** Seconds since 1970. */
  timestamp: z.number().nullish(),
  content: z.array(block),
});

export type ReadPost = z.infer<typeof post>;

/** An answer without a list of posts is no proof that there are none. */
export const postList = z.object({ response: z.object({ posts: z.array(post) }) });

export const anyAnswer = z.unknown();

export const noteList = z.object({
  response: z.object({
    notes: z.array(z.object({ type: z.string() })),
    total_likes: z.number().optional(),
    total_reblogs: z.number().optional(),
    _links: z.object({ next: z.unknown() }).nullish(),
  }),
});
