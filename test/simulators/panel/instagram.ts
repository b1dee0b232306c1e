/** Instagram on the page of the simulators: its variables, its wall, and how it words each fault. */
import type { FileOptions } from '../files.ts';
import type { SimulatedContainer } from '../meta/containers.ts';
import { type InstagramSimulator, startInstagramSimulator } from '../meta/instagram.ts';
import { metaRateLimited, metaServerError, metaTokens } from './meta.ts';
import {
  PROCESSING_MS,
  type SimulatedNetwork,
  SLOW_PROCESSING_MS,
  type WallEntry,
  type WallMedium,
} from './network.ts';

export async function startInstagram(
  port: number,
  files: FileOptions,
): Promise<SimulatedNetwork & { readonly uploadUrl: string }> {
  const instagram = await startInstagramSimulator({ port, processingMs: PROCESSING_MS, ...files });
  const { options } = instagram;
  const { imageMs, quotaTotal } = options;
  return {
    network: 'instagram',
    label: 'Instagram',
    environment: {
      INSTAGRAM_API_URL: instagram.apiUrl,
      INSTAGRAM_USER_ID: instagram.userId,
      INSTAGRAM_ACCESS_TOKEN: instagram.token,
    },
    uploadUrl: instagram.uploadUrl,
    requests: instagram.requests,
    violations: instagram.violations,
    wall: () => wallOf(instagram),
    faults: instagram.faults,
    creating: /\/media_publish$/,
    rateLimited: metaRateLimited('instagram', 80002),
    serverError: metaServerError,
    lasting: {
      ...metaTokens(instagram),
      'slow processing': () =>
        void Object.assign(options, { processingMs: SLOW_PROCESSING_MS, imageMs: SLOW_PROCESSING_MS }),
      'quota spent': () => {
        options.quotaTotal = 0;
      },
    },
    restore() {
      instagram.refuseAll(undefined);
      Object.assign(options, { processingMs: PROCESSING_MS, imageMs, quotaTotal });
    },
    stop: instagram.stop,
  };
}

function wallOf(instagram: InstagramSimulator): readonly WallEntry[] {
  return instagram.media().map(({ id, at, container }) => ({
    id,
    at: new Date(at),
    text: container.caption,
    media: (container.kind === 'carousel' ? container.children : [container]).map(mediumOf),
  }));
}

function mediumOf({ kind, sha256, file, alt }: SimulatedContainer): WallMedium {
  return kind === 'video'
    ? { kind, sha256: file?.sha256, ...(file ? { bytes: file.total } : {}) }
    : { kind: 'image', sha256, alt };
}
