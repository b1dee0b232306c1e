/** Whether there are links to single files: only with a public address and a network that fetches. */
import type { Config } from '../config.ts';
import type { Clock } from '../core/clock.ts';
import type { BlobStore } from '../core/media.ts';
import { createMediaLinks, type MediaLinks } from '../web/media-links.ts';
import type { SecretKeys } from './secret-keys.ts';

export async function openMediaLinks(
  config: Config,
  blobs: BlobStore,
  { clock, keys }: { readonly clock: Clock; readonly keys: SecretKeys },
): Promise<MediaLinks | undefined> {
  const { publicUrl } = config.web;
  if (publicUrl === undefined || !config.instagram.credentials) return undefined;
  const [key] = await keys.of('media links');
  return createMediaLinks({ publicUrl, key, blobs, clock });
}
