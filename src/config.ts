/**
 * The only reader of the environment: all faults of a start in one message, the result frozen, secrets masked wherever
 * the object is printed or logged.
 */
import { existsSync } from 'node:fs';
import { incompleteCredentials, type NetworksConfig, networksOf } from './config/networks.ts';
import { type ProcessRole, ROLES, VARIABLES, type Variable } from './config/variables.ts';
import { SECOND } from './core/clock.ts';
import { type CarillonError, failure } from './core/errors.ts';
import { nearestName } from './core/nearest-name.ts';
import type { SchedulerSettings } from './core/settings.ts';
import { Secret } from './lib/secret.ts';

export type VariableName = keyof typeof VARIABLES;

export interface Config extends NetworksConfig {
  readonly discord: { readonly token?: Secret; readonly apiUrl?: string };
  readonly telegram: { readonly token?: Secret; readonly apiUrl?: string; readonly webhookSecret?: Secret };
  readonly mongodbUri?: Secret;
  readonly secretsKey?: Secret;
  readonly dataDirectory: string;
  readonly web: { readonly port: number; readonly host: string; readonly publicUrl?: string };
  /** Left out: the machine's own zone. */
  readonly timeZone: string;
  readonly logLevel: string;
  readonly roles: ReadonlySet<ProcessRole>;
  readonly scheduler: SchedulerSettings;
  readonly retentionDays: number;
  /** Hosts that the person who runs the bot named with an `*_API_URL` variable: trusted like the chats themselves. */
  readonly trustedOrigins: readonly string[];
  /** Where the machine's programs are (`PATH`): an ffmpeg there converts videos. */
  readonly searchPath: string;
  /** How the terminal chat may draw: `NO_COLOR` (https://no-color.org) and `TERM=dumb` are honoured. */
  readonly terminal: { readonly colour: boolean; readonly cursor: boolean };
  /** What was set but does nothing yet, in words for the log. */
  readonly remarks: readonly string[];
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) deepFreeze(part);
  }
  return Object.freeze(value);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Every secret of a configuration, for the logger to mask. */
export function secretsOf(config: object): readonly Secret[] {
  return Object.values(config).flatMap((value: unknown) => {
    if (value instanceof Secret) return [value];
    return typeof value === 'object' && value !== null ? secretsOf(value) : [];
  });
}

/** Takes what `.env` in the working directory adds; variables that are set already win. */
export function loadEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** Error: CONFIG_INVALID with every fault. */
export function readConfig(environment: Environment): Config {
  const faults: string[] = [];
  const values = new Map<VariableName, unknown>();
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const variable: Variable = VARIABLES[name];
    const found = environment[name]?.trim() || variable.fallback;
    if (found === undefined) continue;
    const parsed = variable.schema.safeParse(found);
    if (parsed.success) values.set(name, variable.secret ? new Secret(String(parsed.data)) : parsed.data);
    else
      faults.push(
        faultOf(name, variable, found, parsed.error.issues.find(({ code }) => code === 'custom')?.message),
      );
  }
  faults.push(...misspelt(environment), ...together(values));
  if (faults.length > 0) throw invalid(faults);
  return deepFreeze({
    ...shape(values),
    searchPath: environment.PATH ?? '',
    terminal: { colour: !environment.NO_COLOR, cursor: environment.TERM !== 'dumb' },
  });
}

function faultOf(name: string, variable: Variable, found: string, more?: string): string {
  const shown = variable.secret ? `a secret of ${found.length} characters` : `“${found}”`;
  return `${name}: found ${shown}; possible: ${variable.possible}; for example ${name}=${variable.example}${more ? `. ${more}` : ''}`;
}

/** Unknown names that are nearly one of ours; a program beside us may have other names that only begin alike. */
function misspelt(environment: Environment): readonly string[] {
  const known = Object.keys(VARIABLES);
  const beginnings = new Set(known.map((name) => name.split('_')[0]));
  return Object.keys(environment)
    .filter((name) => !known.includes(name) && beginnings.has(name.split('_')[0]) && name.includes('_'))
    .flatMap((name) => {
      const near = nearestName(name, known);
      return near ? [`${name}: there is no such variable. Did you mean ${near}?`] : [];
    });
}

/** Rules about several variables at once. */
function together(values: ReadonlyMap<VariableName, unknown>): readonly string[] {
  const faults = [...incompleteCredentials(values)];
  if (values.has('MONGODB_URI') && !values.has('SECRETS_KEY')) {
    faults.push(
      'SECRETS_KEY: not set; with MONGODB_URI it is needed, since several processes must share it. Make one: openssl rand -hex 32',
    );
  }
  if (values.has('TELEGRAM_WEBHOOK_SECRET') && !values.has('PUBLIC_URL')) {
    faults.push(
      'PUBLIC_URL: not set; with TELEGRAM_WEBHOOK_SECRET it is needed, so that Telegram can reach this program',
    );
  }
  if (values.has('ROLES') && !values.has('MONGODB_URI')) {
    faults.push(
      'ROLES: set without MONGODB_URI; the built-in database serves one process, which does everything. Leave ROLES out, or set MONGODB_URI',
    );
  }
  return faults;
}

function invalid(faults: readonly string[]): CarillonError {
  return failure('ConfigError', {
    code: 'CONFIG_INVALID',
    message: `${faults.length === 1 ? 'One variable is' : `${faults.length} variables are`} wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    hint: 'Mend them in .env or in the environment; .env.example explains each.',
  });
}

/** Read, and of no use in this version: said, never silently ignored. */
const NOT_YET: readonly VariableName[] = [
  'X_CLIENT_ID',
  'X_CLIENT_SECRET',
  'FACEBOOK_APP_SECRET',
  'INSTAGRAM_APP_ID',
  'INSTAGRAM_APP_SECRET',
];

function shape(values: ReadonlyMap<VariableName, unknown>): Omit<Config, 'terminal' | 'searchPath'> {
  const get = <T>(name: VariableName): T => values.get(name) as T;
  /** The property when the variable is set; absent otherwise. */
  const given = <K extends string>(key: K, name: VariableName): { [P in K]?: never } =>
    (values.has(name) ? { [key]: values.get(name) } : {}) as { [P in K]?: never };
  const unused = NOT_YET.filter((name) => values.has(name));
  return {
    discord: { ...given('token', 'DISCORD_TOKEN'), ...given('apiUrl', 'DISCORD_API_URL') },
    telegram: {
      ...given('token', 'TELEGRAM_TOKEN'),
      ...given('apiUrl', 'TELEGRAM_API_URL'),
      ...given('webhookSecret', 'TELEGRAM_WEBHOOK_SECRET'),
    },
    ...given('mongodbUri', 'MONGODB_URI'),
    ...given('secretsKey', 'SECRETS_KEY'),
    dataDirectory: get('DATA_DIR'),
    web: { port: get('PORT'), host: get('HOST'), ...given('publicUrl', 'PUBLIC_URL') },
    timeZone:
      get<string | undefined>('DEFAULT_TIME_ZONE') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    logLevel: get('LOG_LEVEL'),
    roles: new Set(get<ProcessRole[] | undefined>('ROLES') ?? ROLES),
    scheduler: {
      intervalMs: get<number>('SCHEDULER_INTERVAL') * SECOND,
      maxRetries: get('SCHEDULER_MAX_RETRIES'),
      retryDelayMs: get<number>('SCHEDULER_RETRY_DELAY') * SECOND,
      lateLimitMs: get<number>('SCHEDULER_LATE_LIMIT') * SECOND,
    },
    retentionDays: get('RETENTION_DAYS'),
    ...networksOf(values),
    trustedOrigins: (Object.keys(VARIABLES) as VariableName[])
      .filter((name) => name.endsWith('_URL') && name !== 'PUBLIC_URL' && values.has(name))
      .map((name) => new URL(get<string>(name)).origin),
    remarks: unused.length === 0 ? [] : [`set, but of no use in this version: ${unused.join(', ')}`],
  };
}
