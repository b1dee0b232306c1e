/** Every variable of the environment: what it is for, what is possible, an example. .env.example and the README follow it. */
import { z } from 'zod';
import { canonicalZone } from '../core/moments/zones.ts';

export interface Variable {
  /** Reads the text of the variable; throws or fails with what is wrong. */
  readonly schema: z.ZodType;
  readonly fallback?: string;
  readonly secret?: boolean;
  /** What is possible, in words. */
  readonly possible: string;
  readonly example: string;
  readonly about: string;
}

const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));
const address = z
  .url({ protocol: /^https?$/ })
  .refine((url) => new URL(url).pathname === '/' && !new URL(url).search);
const text = z.string().min(1);

const words = (about: string, example: string, secret = false): Variable => ({
  schema: text,
  secret,
  possible: 'a text without spaces around it',
  example,
  about,
});
const secret = (about: string, example: string): Variable => words(about, example, true);
const addressOf = (of: string, example: string): Variable => ({
  schema: address,
  possible: 'scheme, host and port of a web address, without a path',
  example,
  about: `Address of ${of}: a proxy, a local server, a simulator`,
});
const number = (min: number, max: number, fallback: string, about: string): Variable => ({
  schema: wholeNumber(min, max),
  fallback,
  possible: `a whole number from ${min} to ${max}`,
  example: fallback,
  about,
});

function zoneOrIssue(typed: string, context: z.RefinementCtx): string {
  try {
    return canonicalZone(typed);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
}

export const ROLES = ['discord', 'telegram', 'web', 'worker'] as const;
export type ProcessRole = (typeof ROLES)[number];

const DAY_SECONDS = 86_400;

/** Every variable, in the order of .env.example and of the README's table; a test keeps the three equal. */
export const VARIABLES = {
  DISCORD_TOKEN: secret('Token of the Discord bot; set it to chat in Discord', 'MTIz.abc.def'),
  TELEGRAM_TOKEN: {
    schema: z.string().regex(/^\d+:[\w-]+$/),
    secret: true,
    possible: 'a token of @BotFather: digits, a colon, letters',
    example: '123456:ABC-DEF',
    about: 'Token of the Telegram bot; set it to chat in Telegram',
  },
  MONGODB_URI: {
    schema: z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/),
    secret: true,
    possible: 'a mongodb:// or mongodb+srv:// address',
    example: 'mongodb://127.0.0.1:27017/carillon',
    about: 'A MongoDB server; left out, the built-in database in DATA_DIR is used',
  },
  DATA_DIR: {
    ...words('Folder of the built-in database, of media and of keys', './data'),
    fallback: './data',
  },
  SECRETS_KEY: {
    schema: z.string().regex(/^[0-9a-f]{64}$/i),
    secret: true,
    possible: '64 hexadecimal digits (32 bytes)',
    example: '0123…cdef',
    about:
      'Key that signs links to pictures and seals renewed tokens; made and kept in DATA_DIR when left out; needed with MONGODB_URI',
  },
  PORT: {
    ...number(0, 65_535, '3000', 'Port of the web pages: /wall, /health'),
    possible: 'a port from 1 to 65535, or 0 for any free one',
  },
  HOST: { ...words('Address that the web pages listen on', '127.0.0.1'), fallback: '127.0.0.1' },
  PUBLIC_URL: {
    schema: z.url({ protocol: /^https?$/ }),
    possible: 'a web address',
    example: 'https://bot.example.org',
    about: 'Where the web pages are reached from outside; Instagram fetches pictures there',
  },
  DEFAULT_TIME_ZONE: {
    schema: z.string().transform(zoneOrIssue),
    possible: 'an IANA time zone',
    example: 'Europe/Rome',
    about: 'Zone of a new team; left out, the zone of the machine',
  },
  LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    fallback: 'info',
    possible: 'debug, info, warn, error or silent',
    example: 'info',
    about: 'How much is logged',
  },
  ROLES: {
    schema: z
      .string()
      .transform((typed) => typed.split(/[\s,]+/).filter(Boolean))
      .pipe(z.array(z.enum(ROLES)).min(1)),
    possible: `some of ${ROLES.join(', ')}, with commas between`,
    example: 'web,worker',
    about: 'What this process does, when several share one MongoDB; left out: everything',
  },
  SCHEDULER_INTERVAL: number(1, 3600, '60', 'Seconds between two sweeps for what was lost'),
  SCHEDULER_MAX_RETRIES: number(0, 20, '3', 'Tries after the first one, when a network is not reachable'),
  SCHEDULER_RETRY_DELAY: number(1, DAY_SECONDS, '300', 'Seconds before the first retry; doubled each time'),
  SCHEDULER_LATE_LIMIT: number(
    60,
    30 * DAY_SECONDS,
    '7200',
    'A post later than so many seconds is not sent by itself: you are asked',
  ),
  RETENTION_DAYS: number(
    1,
    3650,
    '90',
    'Days that finished posts and their media are kept here; what is published stays on the networks',
  ),
  TELEGRAM_WEBHOOK_SECRET: {
    schema: z.string().regex(/^[\w-]{8,256}$/),
    secret: true,
    possible: '8 to 256 letters, digits, _ and -',
    example: 'a-long-random-word',
    about: 'Telegram calls PUBLIC_URL instead of being polled; needs PUBLIC_URL',
  },
  X_CLIENT_ID: words('X app, for /connect', 'abc'),
  X_CLIENT_SECRET: secret('X app, for /connect', 'abc'),
  FACEBOOK_APP_ID: words('Facebook app, for /connect; asked from Facebook when left out', '123'),
  FACEBOOK_APP_SECRET: secret('Facebook app, for /connect', 'abc'),
  INSTAGRAM_APP_ID: words('Instagram app, for /connect', '123'),
  INSTAGRAM_APP_SECRET: secret('Instagram app, for /connect', 'abc'),
  PINTEREST_APP_ID: words(
    'Pinterest: id of your app; with its secret and a refresh token the access renews itself',
    '123',
  ),
  PINTEREST_APP_SECRET: secret('Pinterest: secret of your app', 'abc'),
  TUMBLR_CONSUMER_KEY: words('Tumblr: consumer key of your app', 'abc'),
  TUMBLR_CONSUMER_SECRET: secret('Tumblr: consumer secret of your app', 'abc'),
  X_API_KEY: secret('X: API key of your app (all four make your account real)', 'abc'),
  X_API_SECRET: secret('X: API key secret', 'abc'),
  X_ACCESS_TOKEN: secret('X: access token of your account', '123-abc'),
  X_ACCESS_SECRET: secret('X: access token secret', 'abc'),
  FACEBOOK_PAGE_ID: words('Facebook: your page', '123'),
  FACEBOOK_PAGE_TOKEN: secret('Facebook: token of your page (with its id it makes the page real)', 'EAAB'),
  INSTAGRAM_USER_ID: words('Instagram: your professional account', '123'),
  INSTAGRAM_ACCESS_TOKEN: secret('Instagram: access token (with the id it makes the account real)', 'IGAA'),
  PINTEREST_ACCESS_TOKEN: secret('Pinterest: access token (it makes your account real)', 'pina'),
  PINTEREST_REFRESH_TOKEN: secret('Pinterest: refresh token', 'pinr'),
  PINTEREST_BOARD_ID: words('Pinterest: board for pins without one', '123'),
  TUMBLR_TOKEN: secret('Tumblr: token of your account (with TUMBLR_BLOG it makes your blogs real)', 'abc'),
  TUMBLR_TOKEN_SECRET: secret('Tumblr: token secret, for a token of OAuth 1.0a', 'abc'),
  TUMBLR_REFRESH_TOKEN: secret('Tumblr: refresh token, for a token of OAuth 2', 'abc'),
  TUMBLR_BLOG: {
    schema: z
      .string()
      .transform((typed) => typed.split(/[\s,]+/).filter(Boolean))
      .pipe(z.array(text).min(1)),
    possible: 'names or addresses of blogs, with commas between',
    example: 'acme,acme-shop.tumblr.com',
    about: 'Tumblr: the blogs that are posted to, each an account of its own',
  },
  DISCORD_API_URL: addressOf('Discord', 'https://discord.com'),
  TELEGRAM_API_URL: addressOf('Telegram', 'https://api.telegram.org'),
  X_API_URL: addressOf('X', 'https://api.x.com'),
  FACEBOOK_API_URL: addressOf('Facebook', 'https://graph.facebook.com'),
  FACEBOOK_UPLOAD_URL: addressOf('Facebook’s and Instagram’s uploads', 'https://rupload.facebook.com'),
  INSTAGRAM_API_URL: addressOf('Instagram', 'https://graph.instagram.com'),
  PINTEREST_API_URL: addressOf('Pinterest', 'https://api.pinterest.com'),
  TUMBLR_API_URL: addressOf('Tumblr', 'https://api.tumblr.com'),
} as const satisfies Record<string, Variable>;
