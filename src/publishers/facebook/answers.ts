/** Shapes of Facebook's answers, as far as they are used. Unknown fields are left alone. */
import { z } from 'zod';

const id = z.string().regex(/^[0-9]{1,30}(?:_[0-9]{1,30})?$/);

export const createdPost = z.object({ id });
/** A published photo has a post of its own; an unpublished one only an id. */
export const createdPhoto = z.object({ id, post_id: id.optional() });
export const success = z.object({ success: z.literal(true) });
export const who = z.object({ id, name: z.string() });
export const page = who.extend({ username: z.string().optional(), link: z.string().optional() });
export const app = z.object({ id });

/** https://developers.facebook.com/docs/graph-api/guides/upload */
export const uploadSession = z.object({ id: z.string().startsWith('upload:') });
export const uploadOffset = z.object({ file_offset: z.number() });
export const uploadedFile = z.object({ h: z.string().min(1) });

/** https://developers.facebook.com/documentation/video-api/guides/reels-publishing */
export const startedVideo = z.object({ video_id: id, upload_url: z.string().optional() });

const phase = z.object({
  status: z.string().optional(),
  // The reference spells it with one r, the text of the guide with two.
  bytes_transfered: z.number().optional(),
  bytes_transferred: z.number().optional(),
  publish_status: z.string().optional(),
  error: z.object({ message: z.string().optional() }).nullish(),
});

export const video = z.object({
  id,
  description: z.string().nullish(),
  created_time: z.string().nullish(),
  permalink_url: z.string().nullish(),
  status: z
    .object({
      video_status: z.string().optional(),
      uploading_phase: phase.optional(),
      processing_phase: phase.optional(),
      publishing_phase: phase.optional(),
    })
    .optional(),
});
export type ReadVideo = z.infer<typeof video>;

/** https://developers.facebook.com/docs/page-stories-api; the ids are written as numbers, too. */
const loose = z.union([z.string(), z.number()]).transform(String).pipe(id);
export const createdStory = z.object({ success: z.literal(true), post_id: loose });
const story = z.object({
  post_id: loose,
  media_id: loose.nullish(),
  url: z.string().nullish(),
});
export type ReadStory = z.infer<typeof story>;

const attachment = z.object({
  media_type: z.string().nullish(),
  url: z.string().nullish(),
  unshimmed_url: z.string().nullish(),
  subattachments: z.object({ data: z.array(z.unknown()) }).nullish(),
});

const post = z.object({
  id,
  message: z.string().nullish(),
  created_time: z.string().nullish(),
  permalink_url: z.string().nullish(),
  attachments: z.object({ data: z.array(attachment) }).nullish(),
});
export type ReadPost = z.infer<typeof post>;

/** Without `data` it is no list, and proves no absence. */
const paging = z
  .object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
  .optional();
export const posts = z.object({ data: z.array(post), paging });
export const videos = z.object({ data: z.array(video), paging });
export const stories = z.object({ data: z.array(story), paging });

const total = z.object({ summary: z.object({ total_count: z.number().optional() }).optional() }).optional();
/** https://developers.facebook.com/docs/graph-api/reference/page-post */
export const engagement = z.object({
  reactions: total,
  comments: total,
  shares: z.object({ count: z.number() }).optional(),
});
export const videoPost = z.object({
  post_id: z
    .string()
    .regex(/^[0-9_]+$/)
    .optional(),
  views: z.number().optional(),
});
