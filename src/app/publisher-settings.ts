/** What of the configuration each publisher gets. Here secrets are revealed, and nowhere else for networks. */

import type { TumblrConfig } from '../config/networks.ts';
import type { Config } from '../config.ts';
import { defined } from '../core/defined.ts';
import type { PublisherSettings } from '../publishers/index.ts';
import type { TumblrSettings } from '../publishers/tumblr/settings.ts';

export function publisherSettings({ x, facebook, instagram, pinterest, tumblr }: Config): PublisherSettings {
  return defined({
    x: x.credentials && {
      credentials: {
        apiKey: x.credentials.apiKey.reveal(),
        apiSecret: x.credentials.apiSecret.reveal(),
        accessToken: x.credentials.accessToken.reveal(),
        accessSecret: x.credentials.accessSecret.reveal(),
      },
      ...defined({ apiUrl: x.apiUrl }),
    },
    facebook: facebook.credentials && {
      ...facebook,
      credentials: {
        pageId: facebook.credentials.pageId,
        pageToken: facebook.credentials.pageToken.reveal(),
      },
    },
    instagram: instagram.credentials && {
      ...instagram,
      credentials: {
        userId: instagram.credentials.userId,
        accessToken: instagram.credentials.accessToken.reveal(),
      },
    },
    pinterest: pinterest.credentials && {
      ...pinterest,
      credentials: {
        accessToken: pinterest.credentials.accessToken.reveal(),
        ...defined({
          refreshToken: pinterest.credentials.refreshToken?.reveal(),
          appId: pinterest.credentials.appId,
          appSecret: pinterest.credentials.appSecret?.reveal(),
        }),
      },
    },
    tumblr: tumblr.credentials && {
      credentials: tumblrCredentials(tumblr.credentials),
      blogs: tumblr.blogs ?? [],
      ...defined({ apiUrl: tumblr.apiUrl }),
    },
  });
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
    ...defined({
      refreshToken: given.refreshToken?.reveal(),
      consumerKey: given.consumerKey,
      consumerSecret: given.consumerSecret?.reveal(),
    }),
  };
}
