/** The settings with which each publisher talks to a sink. */
import type { PublisherSettings } from '../../../src/publishers/index.ts';

export const NETWORKS = ['facebook', 'instagram', 'pinterest', 'tumblr', 'x'] as const;
export type Network = (typeof NETWORKS)[number];

export function settingsAt(urls: Readonly<Partial<Record<Network, string>>>): PublisherSettings {
  const { facebook, instagram, pinterest, tumblr, x } = urls;
  return {
    ...(facebook
      ? {
          facebook: {
            credentials: { pageId: '1', pageToken: 'token-1' },
            appId: '2',
            apiUrl: facebook,
            uploadUrl: facebook,
          },
        }
      : {}),
    ...(instagram
      ? {
          instagram: {
            credentials: { userId: '1', accessToken: 'EAAB-1' },
            apiUrl: instagram,
            uploadUrl: instagram,
          },
        }
      : {}),
    ...(pinterest
      ? {
          pinterest: {
            credentials: { accessToken: 'token-1' },
            boardId: '549755885175001',
            apiUrl: pinterest,
          },
        }
      : {}),
    ...(tumblr
      ? {
          tumblr: {
            credentials: { consumerKey: 'k-1', consumerSecret: 's-1', token: 't-1', tokenSecret: 'h-1' },
            blogs: ['acme-bells'],
            apiUrl: tumblr,
          },
        }
      : {}),
    ...(x
      ? {
          x: {
            credentials: { apiKey: 'k-1', apiSecret: 's-1', accessToken: 't-1', accessSecret: 'h-1' },
            apiUrl: x,
          },
        }
      : {}),
  };
}
