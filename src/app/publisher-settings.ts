/** What of the configuration each publisher gets. Here secrets are revealed, and nowhere else for networks. */

import type { TumblrConfig } from '../config/networks.ts';
import type { Config } from '../config.ts';
import type { Secret } from '../lib/secret.ts';
import type { PublisherSettings } from '../publishers/index.ts';
import type { TumblrSettings } from '../publishers/tumblr/settings.ts';

export function publisherSettings({ x, facebook, instagram, pinterest, tumblr }: Config): PublisherSettings {
  return {
    ...(x.credentials
      ? {
          x: {
            credentials: {
              apiKey: x.credentials.apiKey.reveal(),
              apiSecret: x.credentials.apiSecret.reveal(),
              accessToken: x.credentials.accessToken.reveal(),
              accessSecret: x.credentials.accessSecret.reveal(),
            },
            ...(x.apiUrl === undefined ? {} : { apiUrl: x.apiUrl }),
          },
        }
      : {}),
    ...(facebook.credentials
      ? {
          facebook: {
            ...facebook,
            credentials: {
              pageId: facebook.credentials.pageId,
              pageToken: facebook.credentials.pageToken.reveal(),
            },
          },
        }
      : {}),
    ...(instagram.credentials
      ? {
          instagram: {
            ...instagram,
            credentials: {
              userId: instagram.credentials.userId,
              accessToken: instagram.credentials.accessToken.reveal(),
            },
          },
        }
      : {}),
    ...(pinterest.credentials
      ? {
          pinterest: {
            ...pinterest,
            credentials: {
              accessToken: pinterest.credentials.accessToken.reveal(),
              ...revealed('refreshToken', pinterest.credentials.refreshToken),
              ...(pinterest.credentials.appId === undefined ? {} : { appId: pinterest.credentials.appId }),
              ...revealed('appSecret', pinterest.credentials.appSecret),
            },
          },
        }
      : {}),
    ...(tumblr.credentials
      ? {
          tumblr: {
            credentials: tumblrCredentials(tumblr.credentials),
            blogs: tumblr.blogs ?? [],
            ...(tumblr.apiUrl === undefined ? {} : { apiUrl: tumblr.apiUrl }),
          },
        }
      : {}),
  };
}

function tumblrCredentials(given: TumblrConfig): TumblrSettings['credentials'] {
  if ('tokenSecret' in given) {
    return {
      consumerKey: given.consumerKey,
      consumerSecret: given.consumerSecret.reveal(),
      token: given.token.reveal(),
      tokenSecret: given.tokenSecret.reveal(),
    };
  }
  return {
    accessToken: given.accessToken.reveal(),
    ...revealed('refreshToken', given.refreshToken),
    ...(given.consumerKey === undefined ? {} : { consumerKey: given.consumerKey }),
    ...revealed('consumerSecret', given.consumerSecret),
  };
}

/** The property when there is such a secret; absent otherwise. */
function revealed<K extends string>(key: K, secret: Secret | undefined): { [P in K]?: string } {
  return (secret === undefined ? {} : { [key]: secret.reveal() }) as { [P in K]?: string };
}
