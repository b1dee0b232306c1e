/** The one logger: pino, pretty on a terminal and JSON otherwise, with every known secret masked in whatever is written. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pino } from 'pino';
import type PinoPretty from 'pino-pretty';
import { defined } from '../core/defined.ts';
import type { Logger } from '../core/log.ts';
import type { Secret } from './secret.ts';

export interface LoggerOptions {
  readonly level: string;
  /** Where lines go: the terminal chat keeps its screen to itself, so its log is a file or standard error. */
  readonly to: { readonly stream: 'stdout' | 'stderr' } | { readonly file: string };
  readonly pretty: boolean;
  readonly secrets: readonly Secret[];
}

const MASK = '•••';
/** A shorter secret could be a part of ordinary words; masking it would only garble the log. */
const SECRET_MIN = 6;

export function createLogger(options: LoggerOptions): Logger & { flush(): void } {
  const secrets = options.secrets
    .map((secret) => secret.reveal())
    .filter((value) => value.length >= SECRET_MIN);
  const mask = (line: string): string =>
    secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), line);
  const logger = pino(
    {
      level: options.level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: errorFacts },
      // Secrets reach a log through addresses and messages of libraries; the finished line is the only place that sees all.
      hooks: { streamWrite: mask },
    },
    destination(options),
  );
  return {
    debug: (facts, message) => logger.debug(facts, message),
    info: (facts, message) => logger.info(facts, message),
    warn: (facts, message) => logger.warn(facts, message),
    error: (facts, message) => logger.error(facts, message),
    child: (facts) => logger.child(facts),
    flush: () => logger.flush(),
  };
}

function destination({ to, pretty: wanted }: LoggerOptions) {
  if ('file' in to) {
    mkdirSync(dirname(to.file), { recursive: true, mode: 0o700 });
    return pino.destination({ dest: to.file, sync: true, mode: 0o600 });
  }
  const fd = to.stream === 'stdout' ? 1 : 2;
  if (!wanted) return pino.destination({ dest: fd, sync: true });
  // Read from disk only where a person looks on.
  const pretty = createRequire(import.meta.url)('pino-pretty') as typeof PinoPretty;
  return pretty({
    destination: fd,
    sync: true,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
    levelFirst: false,
  });
}

/** An error as the log keeps it: kind, code and causes; the facts that it carries, without walking into clients and sockets. */
function errorFacts(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, kind, hint, context } = error as Error & Record<string, unknown>;
  return {
    name: error.name,
    message: error.message,
    ...defined({ code, kind, hint }),
    ...(context && Object.keys(context).length > 0 ? { context } : {}),
    ...(error.cause === undefined ? {} : { cause: errorFacts(error.cause) }),
    stack: error.stack,
  };
}
