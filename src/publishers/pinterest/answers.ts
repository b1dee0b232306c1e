/** Shapes of Pinterest's answers, as far as they are used. Unknown fields are left alone. */
import { z } from 'zod';

const id = z.string().regex(/^\d{1,30}$/);

export const createdPin = z.object({ id });

export const userAccount = z.object({
  id: id.nullish(),
  username: z.string(),
  business_name: z.string().nullish(),
});

const bookmark = z.string().nullish();

export const boardList = z.object({
  items: z.array(z.object({ id, name: z.string() })),
  bookmark,
});

export const registeredMedia = z.object({
  media_id: id,
  upload_url: z.url({ protocol: /^https?$/ }),
  upload_parameters: z.record(z.string(), z.string()),
});

export const mediaStatus = z.object({ status: z.enum(['registered', 'processing', 'succeeded', 'failed']) });

const pin = z.object({
  id,
  created_at: z.string().nullish(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  link: z.string().nullish(),
  media: z
    .object({ media_type: z.string().nullish(), items: z.array(z.unknown()).nullish() })
    .nullish()
    .catch(undefined),
});

export type ReadPin = z.infer<typeof pin>;

/** An answer without a list of pins is no proof that there are none. */
export const pinList = z.object({ items: z.array(pin), bookmark });

export const anyAnswer = z.unknown();

const metrics = z.record(z.string(), z.number().optional().catch(undefined)).optional();
/** By app type; unless it is split there is one, `all`. */
export const pinAnalytics = z.record(
  z.string(),
  z.object({ summary_metrics: metrics, lifetime_metrics: metrics }),
);
