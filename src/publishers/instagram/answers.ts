/** Shapes of Instagram's answers, as far as they are used. Unknown fields are left alone. */
import { z } from 'zod';

const id = z.string().regex(/^[0-9]{1,30}$/);

export const created = z.object({ id });
export const success = z.object({ success: z.literal(true) });
export const who = z.object({ id: z.string(), username: z.string(), name: z.string().optional() });

/** `uri` is where the bytes go, when the container is for a resumable upload. */
export const container = z.object({ id, uri: z.string().optional() });

export const standing = z.object({
  status_code: z.enum(['EXPIRED', 'ERROR', 'FINISHED', 'IN_PROGRESS', 'PUBLISHED']),
  // On ERROR it holds the subcode, in a sentence.
  status: z.string().optional(),
});
export type Standing = z.infer<typeof standing>;

// The guide spells it with two r, its counterpart on Facebook with one.
const phase = z.object({
  bytes_transferred: z.number().optional(),
  bytes_transfered: z.number().optional(),
});
export const progress = z.object({
  video_status: z.object({ uploading_phase: phase.optional() }).optional(),
});

export const quota = z.object({
  data: z
    .array(
      z.object({
        quota_usage: z.number(),
        config: z.object({ quota_total: z.number().optional() }).optional(),
      }),
    )
    .min(1),
});

const media = z.object({
  id,
  caption: z.string().nullish(),
  timestamp: z.string().nullish(),
  permalink: z.string().nullish(),
  shortcode: z.string().nullish(),
  media_type: z.string().nullish(),
});
export type ReadMedia = z.infer<typeof media>;
export const permalink = z.object({ permalink: z.string() });

/** Without `data` it is no list, and proves no absence. */
export const mediaList = z.object({
  data: z.array(media),
  paging: z
    .object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
    .optional(),
});

export const engagement = z.object({
  media_product_type: z.string().nullish(),
  like_count: z.number().optional(),
  comments_count: z.number().optional(),
});
