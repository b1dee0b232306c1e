import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, secretsOf } from '../../src/config.ts';

const faultsOf = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
    return '';
  } catch (error) {
    expect(error).toMatchObject({ kind: 'ConfigError', code: 'CONFIG_INVALID' });
    return (error as Error).message;
  }
};

describe('with nothing set', () => {
  it('everything has a default', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      dataDirectory: './data',
      web: { port: 3000, host: '127.0.0.1' },
      logLevel: 'info',
      scheduler: { intervalMs: 60_000, maxRetries: 3, retryDelayMs: 300_000, lateLimitMs: 7_200_000 },
      retentionDays: 90,
    });
    expect([...config.roles]).toEqual(['discord', 'telegram', 'web', 'worker']);
    expect(config.discord).toEqual({});
    expect(config.x).toEqual({});
    expect(config.facebook).toEqual({});
  });

  it('an empty value counts as not set', () =>
    expect(readConfig({ DISCORD_TOKEN: '', PORT: '  ' }).web.port).toBe(3000));

  it('the result cannot be changed', () => {
    const config = readConfig({});
    expect(() => Object.assign(config, { dataDirectory: '/' })).toThrow(TypeError);
    expect(() => Object.assign(config.web, { port: 1 })).toThrow(TypeError);
  });
});

describe('faults', () => {
  it('are told all at once: variable, what was found, what is possible, an example', () => {
    const message = faultsOf({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      SCHEDULER_MAX_RETRIES: '-1',
      TELEGRAM_TOKEN: 'not a token',
      DEFAULT_TIME_ZONE: 'Europe/Roma',
      X_API_KEY: 'k',
    });
    expect(message).toContain('6 variables are wrong');
    expect(message).toContain('PORT: found “eighty”; possible: a port from 1 to 65535');
    expect(message).toContain('LOG_LEVEL: found “loud”; possible: debug, info, warn, error or silent');
    expect(message).toContain(
      'SCHEDULER_MAX_RETRIES: found “-1”; possible: a whole number from 0 to 20; for example SCHEDULER_MAX_RETRIES=3',
    );
    expect(message).toContain('DEFAULT_TIME_ZONE: found “Europe/Roma”');
    expect(message).toContain('X_API_SECRET, X_ACCESS_TOKEN, X_ACCESS_SECRET: not set');
  });

  it('never show a secret', () => {
    expect(faultsOf({ TELEGRAM_TOKEN: 'my secret word' })).toContain('found a secret of 14 characters');
    expect(faultsOf({ TELEGRAM_TOKEN: 'my secret word' })).not.toContain('my secret word');
  });

  it.each([
    ['DISCORD_TOKN', 'DISCORD_TOKEN'],
    ['SCHEDULER_INTERVALL', 'SCHEDULER_INTERVAL'],
    ['TELEGRAM_API_URI', 'TELEGRAM_API_URL'],
    ['X_ACCESS_TOKEN_SECRET', undefined],
  ])('%s: did you mean %s?', (typed, meant) => {
    if (meant)
      expect(faultsOf({ [typed]: 'x' })).toContain(
        `${typed}: there is no such variable. Did you mean ${meant}?`,
      );
    else expect(faultsOf({ [typed]: 'x' })).toMatch(/^$|Did you mean/);
  });

  it.each([
    [{ MONGODB_URI: 'mongodb://h/db' }, 'SECRETS_KEY: not set'],
    [{ TELEGRAM_WEBHOOK_SECRET: 'long-enough' }, 'PUBLIC_URL: not set'],
    [{ ROLES: 'web' }, 'ROLES: set without MONGODB_URI'],
    [
      { ROLES: 'cook', MONGODB_URI: 'mongodb://h/db', SECRETS_KEY: 'a'.repeat(64) },
      'ROLES: found “cook”; possible: some of discord, telegram, web, worker',
    ],
    [{ FACEBOOK_PAGE_ID: '1' }, 'FACEBOOK_PAGE_TOKEN: not set, while other Facebook credentials are'],
    [{ INSTAGRAM_USER_ID: '1' }, 'INSTAGRAM_ACCESS_TOKEN: not set, while other Instagram credentials are'],
    [
      { TUMBLR_TOKEN: 't' },
      'TUMBLR_BLOG: not set, while other Tumblr credentials are; all 2 are needed, or none',
    ],
    [
      { TUMBLR_TOKEN: 't', TUMBLR_TOKEN_SECRET: 'h', TUMBLR_BLOG: 'acme' },
      'TUMBLR_CONSUMER_KEY, TUMBLR_CONSUMER_SECRET: not set; TUMBLR_TOKEN_SECRET is of no use without',
    ],
    [
      { TUMBLR_TOKEN: 't', TUMBLR_REFRESH_TOKEN: 'r', TUMBLR_CONSUMER_KEY: 'k', TUMBLR_BLOG: 'acme' },
      'TUMBLR_CONSUMER_SECRET: not set; TUMBLR_REFRESH_TOKEN is of no use without',
    ],
    [
      { TUMBLR_TOKEN: 't', TUMBLR_TOKEN_SECRET: 'h', TUMBLR_REFRESH_TOKEN: 'r' },
      'TUMBLR_TOKEN_SECRET, TUMBLR_REFRESH_TOKEN: both are set; a token has either a secret (OAuth 1.0a) or a refresh token (OAuth 2)',
    ],
    [
      { TUMBLR_TOKEN: 't', TUMBLR_CONSUMER_KEY: 'k', TUMBLR_CONSUMER_SECRET: 's', TUMBLR_BLOG: 'acme' },
      'TUMBLR_TOKEN_SECRET (OAuth 1.0a) or TUMBLR_REFRESH_TOKEN (OAuth 2): not set, while TUMBLR_TOKEN and credentials of the app are',
    ],
    [
      { TUMBLR_BLOG: ' , ', TUMBLR_TOKEN: 't' },
      'TUMBLR_BLOG: found “,”; possible: names or addresses of blogs, with commas between',
    ],
    [{ PINTEREST_BOARD_ID: '1' }, 'PINTEREST_ACCESS_TOKEN: not set; PINTEREST_BOARD_ID is of no use without'],
    [
      { PINTEREST_ACCESS_TOKEN: 't', PINTEREST_REFRESH_TOKEN: 'r', PINTEREST_APP_ID: '1' },
      'PINTEREST_APP_SECRET: not set; PINTEREST_REFRESH_TOKEN is of no use without',
    ],
    [{ X_API_URL: 'https://api.x.com/2' }, 'X_API_URL: found “https://api.x.com/2”'],
  ])('%o', (environment, expected) => expect(faultsOf(environment)).toContain(expected));
});

describe('secrets', () => {
  const config = readConfig({
    TELEGRAM_TOKEN: '123456:very-secret',
    X_API_KEY: 'a1',
    X_API_SECRET: 'b2',
    X_ACCESS_TOKEN: 'c3',
    X_ACCESS_SECRET: 'd4',
  });

  it('are masked wherever the configuration is printed', () => {
    for (const shown of [
      inspect(config, { depth: 9 }),
      JSON.stringify(config),
      String(config.telegram.token),
    ]) {
      expect(shown).not.toContain('very-secret');
    }
    expect(config.telegram.token?.reveal()).toBe('123456:very-secret');
  });

  it('can be listed, for the logger to mask', () => {
    expect(secretsOf(config).map((secret) => secret.reveal())).toEqual([
      '123456:very-secret',
      'a1',
      'b2',
      'c3',
      'd4',
    ]);
  });
});

it('a Tumblr app alone makes nothing real, and is no fault; a token is of one of two kinds', () => {
  const app = { TUMBLR_CONSUMER_KEY: 'k', TUMBLR_CONSUMER_SECRET: 's' };
  expect(readConfig(app).tumblr).toEqual({});
  const token = { TUMBLR_TOKEN: 't', TUMBLR_BLOG: 'acme, acme-shop.tumblr.com' };
  const signed = readConfig({ ...app, ...token, TUMBLR_TOKEN_SECRET: 'h' }).tumblr;
  expect(signed.credentials).toMatchObject({ consumerKey: 'k', tokenSecret: expect.anything() });
  expect(signed.blogs).toEqual(['acme', 'acme-shop.tumblr.com']);
  const alone = readConfig(token).tumblr;
  expect(Object.keys(alone.credentials ?? {})).toEqual(['accessToken']);
  const renewed = readConfig({ ...app, ...token, TUMBLR_REFRESH_TOKEN: 'r' }).tumblr;
  expect(Object.keys(renewed.credentials ?? {})).toEqual([
    'accessToken',
    'refreshToken',
    'consumerKey',
    'consumerSecret',
  ]);
});

it('a Pinterest token alone makes it real; what renews it comes together', () => {
  expect(readConfig({ PINTEREST_APP_ID: '1', PINTEREST_APP_SECRET: 's' }).pinterest).toEqual({});
  const token = readConfig({ PINTEREST_ACCESS_TOKEN: 't', PINTEREST_APP_ID: '1' }).pinterest;
  expect(Object.keys(token.credentials ?? {})).toEqual(['accessToken']);
  const all = readConfig({
    PINTEREST_ACCESS_TOKEN: 't',
    PINTEREST_REFRESH_TOKEN: 'r',
    PINTEREST_APP_ID: '1',
    PINTEREST_APP_SECRET: 's',
    PINTEREST_BOARD_ID: '5',
  }).pinterest;
  expect(all).toMatchObject({ credentials: { appId: '1' }, boardId: '5' });
  expect(all.credentials?.refreshToken?.reveal()).toBe('r');
});

it('says what does nothing yet', () => {
  expect(readConfig({ X_CLIENT_ID: 'a' }).remarks).toEqual([expect.stringContaining('X_CLIENT_ID')]);
  expect(readConfig({}).remarks).toEqual([]);
});
