/** The networks' own part of the configuration: whose credentials are there, whole or not at all. */
import type { Secret } from '../lib/secret.ts';
import type { VARIABLES } from './variables.ts';

type VariableName = keyof typeof VARIABLES;
type Values = ReadonlyMap<VariableName, unknown>;

/** What each network needs to be real: all of these, or none. */
const CREDENTIALS = {
  X: ['X_API_KEY', 'X_API_SECRET', 'X_ACCESS_TOKEN', 'X_ACCESS_SECRET'],
  Facebook: ['FACEBOOK_PAGE_ID', 'FACEBOOK_PAGE_TOKEN'],
  Instagram: ['INSTAGRAM_USER_ID', 'INSTAGRAM_ACCESS_TOKEN'],
  Pinterest: ['PINTEREST_ACCESS_TOKEN'],
  Tumblr: ['TUMBLR_TOKEN', 'TUMBLR_BLOG'],
} as const satisfies Record<string, readonly VariableName[]>;

/** What serves a network's credentials, and needs them. */
const NEEDS: Partial<Record<VariableName, readonly VariableName[]>> = {
  PINTEREST_BOARD_ID: ['PINTEREST_ACCESS_TOKEN'],
  PINTEREST_REFRESH_TOKEN: ['PINTEREST_ACCESS_TOKEN', 'PINTEREST_APP_ID', 'PINTEREST_APP_SECRET'],
  TUMBLR_TOKEN_SECRET: ['TUMBLR_TOKEN', 'TUMBLR_CONSUMER_KEY', 'TUMBLR_CONSUMER_SECRET'],
  TUMBLR_REFRESH_TOKEN: ['TUMBLR_TOKEN', 'TUMBLR_CONSUMER_KEY', 'TUMBLR_CONSUMER_SECRET'],
};

export interface NetworksConfig {
  readonly x: {
    readonly credentials?: {
      readonly apiKey: Secret;
      readonly apiSecret: Secret;
      readonly accessToken: Secret;
      readonly accessSecret: Secret;
    };
    readonly apiUrl?: string;
  };
  readonly facebook: {
    readonly credentials?: { readonly pageId: string; readonly pageToken: Secret };
    readonly appId?: string;
    readonly apiUrl?: string;
    readonly uploadUrl?: string;
  };
  readonly instagram: {
    readonly credentials?: { readonly userId: string; readonly accessToken: Secret };
    readonly apiUrl?: string;
    /** The host for bytes is the one that Facebook has. */
    readonly uploadUrl?: string;
  };
  readonly pinterest: {
    readonly credentials?: {
      readonly accessToken: Secret;
      readonly refreshToken?: Secret;
      readonly appId?: string;
      readonly appSecret?: Secret;
    };
    readonly boardId?: string;
    readonly apiUrl?: string;
  };
  readonly tumblr: {
    readonly credentials?: TumblrConfig;
    readonly blogs?: readonly string[];
    readonly apiUrl?: string;
  };
}

/** A token of one of two kinds: signed with its secret (OAuth 1.0a), or an access token that may be renewed (OAuth 2). */
export type TumblrConfig =
  | {
      readonly consumerKey: string;
      readonly consumerSecret: Secret;
      readonly token: Secret;
      readonly tokenSecret: Secret;
    }
  | {
      readonly accessToken: Secret;
      readonly refreshToken?: Secret;
      readonly consumerKey?: string;
      readonly consumerSecret?: Secret;
    };

/** A fault for each network of which some credentials are there and others not. */
export function incompleteCredentials(values: Values): readonly string[] {
  return [...incompleteNetworks(values), ...unserved(values), ...kindOfTumblrToken(values)];
}

function unserved(values: Values): readonly string[] {
  return Object.entries(NEEDS).flatMap(([name, needed]) => {
    const missing = needed.filter((each) => !values.has(each));
    if (!values.has(name as VariableName) || missing.length === 0) return [];
    return [`${missing.join(', ')}: not set; ${name} is of no use without`];
  });
}

/** A token says nothing about its kind; what stands beside it does. */
function kindOfTumblrToken(values: Values): readonly string[] {
  const [isSigned, isRenewed] = [values.has('TUMBLR_TOKEN_SECRET'), values.has('TUMBLR_REFRESH_TOKEN')];
  if (isSigned && isRenewed) {
    return [
      'TUMBLR_TOKEN_SECRET, TUMBLR_REFRESH_TOKEN: both are set; a token has either a secret (OAuth 1.0a) or a refresh token (OAuth 2)',
    ];
  }
  const app = ['TUMBLR_CONSUMER_KEY', 'TUMBLR_CONSUMER_SECRET'] as const;
  const isAlone = !values.has('TUMBLR_TOKEN') || isSigned || isRenewed;
  if (isAlone || !app.some((name) => values.has(name))) return [];
  return [
    'TUMBLR_TOKEN_SECRET (OAuth 1.0a) or TUMBLR_REFRESH_TOKEN (OAuth 2): not set, while TUMBLR_TOKEN and credentials of the app are; one of the two is needed. An access token of OAuth 2 that is used until it runs out needs no credentials of the app: leave them out',
  ];
}

function incompleteNetworks(values: Values): readonly string[] {
  return Object.entries(CREDENTIALS).flatMap(([network, names]: [string, readonly VariableName[]]) => {
    const isWanted = names.some((name) => values.has(name));
    const missing = names.filter((name) => !values.has(name));
    if (!isWanted || missing.length === 0) return [];
    return [
      `${missing.join(', ')}: not set, while other ${network} credentials are; all ${names.length} are needed, or none`,
    ];
  });
}

/** What the configuration holds of each network; without all of its credentials a network has none. */
export function networksOf(values: Values): NetworksConfig {
  const get = <T>(name: VariableName): T => values.get(name) as T;
  const has = (network: keyof typeof CREDENTIALS): boolean =>
    CREDENTIALS[network].every((name) => values.has(name));
  /** The property when the variable is set; absent otherwise. */
  const given = <K extends string>(key: K, name: VariableName): { [P in K]?: string } =>
    (values.has(name) ? { [key]: values.get(name) } : {}) as { [P in K]?: string };
  return {
    x: {
      ...(has('X')
        ? {
            credentials: {
              apiKey: get('X_API_KEY'),
              apiSecret: get('X_API_SECRET'),
              accessToken: get('X_ACCESS_TOKEN'),
              accessSecret: get('X_ACCESS_SECRET'),
            },
          }
        : {}),
      ...given('apiUrl', 'X_API_URL'),
    },
    facebook: {
      ...(has('Facebook')
        ? { credentials: { pageId: get('FACEBOOK_PAGE_ID'), pageToken: get('FACEBOOK_PAGE_TOKEN') } }
        : {}),
      ...given('appId', 'FACEBOOK_APP_ID'),
      ...given('apiUrl', 'FACEBOOK_API_URL'),
      ...given('uploadUrl', 'FACEBOOK_UPLOAD_URL'),
    },
    instagram: {
      ...(has('Instagram')
        ? { credentials: { userId: get('INSTAGRAM_USER_ID'), accessToken: get('INSTAGRAM_ACCESS_TOKEN') } }
        : {}),
      ...given('apiUrl', 'INSTAGRAM_API_URL'),
      ...given('uploadUrl', 'FACEBOOK_UPLOAD_URL'),
    },
    pinterest: {
      ...(has('Pinterest')
        ? {
            credentials: {
              accessToken: get('PINTEREST_ACCESS_TOKEN'),
              ...(values.has('PINTEREST_REFRESH_TOKEN')
                ? {
                    refreshToken: get('PINTEREST_REFRESH_TOKEN'),
                    appId: get('PINTEREST_APP_ID'),
                    appSecret: get('PINTEREST_APP_SECRET'),
                  }
                : {}),
            },
          }
        : {}),
      ...given('boardId', 'PINTEREST_BOARD_ID'),
      ...given('apiUrl', 'PINTEREST_API_URL'),
    },
    tumblr: {
      ...(has('Tumblr')
        ? {
            credentials: values.has('TUMBLR_TOKEN_SECRET')
              ? {
                  consumerKey: get('TUMBLR_CONSUMER_KEY'),
                  consumerSecret: get('TUMBLR_CONSUMER_SECRET'),
                  token: get('TUMBLR_TOKEN'),
                  tokenSecret: get('TUMBLR_TOKEN_SECRET'),
                }
              : {
                  accessToken: get('TUMBLR_TOKEN'),
                  ...(values.has('TUMBLR_REFRESH_TOKEN')
                    ? {
                        refreshToken: get('TUMBLR_REFRESH_TOKEN'),
                        consumerKey: get('TUMBLR_CONSUMER_KEY'),
                        consumerSecret: get('TUMBLR_CONSUMER_SECRET'),
                      }
                    : {}),
                },
            blogs: get('TUMBLR_BLOG'),
          }
        : {}),
      ...given('apiUrl', 'TUMBLR_API_URL'),
    },
  };
}
