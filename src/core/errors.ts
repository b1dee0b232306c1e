/**
 * Every error that the product knows. An error says what it found, what was possible and what to do (`hint`), and which
 * step may follow (`next`); decisions read the kind and the step, never the sentence. docs/errors.md lists each code;
 * a test keeps the two equal.
 */
import type { ErrorCode } from './error-codes.ts';
import type { RecordedError } from './words.ts';

/** What may follow an error. */
export type NextStep =
  | { readonly do: 'never' }
  | { readonly do: 'later' }
  | { readonly do: 'at'; readonly at: Date }
  | { readonly do: 'refresh' }
  | { readonly do: 'reconnect' }
  | { readonly do: 'reconcile' }
  | { readonly do: 'change content' }
  | { readonly do: 'change config' };

export type ErrorKind =
  | 'UsageError'
  | 'ContentError'
  | 'ConfigError'
  | 'AuthExpired'
  | 'AuthRevoked'
  | 'PermissionMissing'
  | 'RateLimited'
  | 'QuotaSpent'
  | 'BillingRequired'
  | 'ContentRejected'
  | 'MediaRejected'
  | 'PlatformUnavailable'
  | 'OutcomeUnknown'
  | 'Conflict'
  | 'Bug';

export interface ErrorDetails {
  /** Stable, upper-case, listed in docs/errors.md. */
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly cause?: unknown;
  /** Facts for the log; never a secret. */
  readonly context?: Readonly<Record<string, unknown>>;
}

const DEFAULT_STEP: Readonly<Record<Exclude<ErrorKind, 'RateLimited' | 'QuotaSpent'>, NextStep>> = {
  UsageError: { do: 'never' },
  ContentError: { do: 'change content' },
  ConfigError: { do: 'change config' },
  AuthExpired: { do: 'refresh' },
  AuthRevoked: { do: 'reconnect' },
  PermissionMissing: { do: 'reconnect' },
  BillingRequired: { do: 'reconnect' },
  ContentRejected: { do: 'change content' },
  MediaRejected: { do: 'change content' },
  PlatformUnavailable: { do: 'later' },
  OutcomeUnknown: { do: 'reconcile' },
  Conflict: { do: 'later' },
  Bug: { do: 'never' },
};

export class CarillonError extends Error {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly hint: string;
  readonly next: NextStep;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(kind: ErrorKind, details: ErrorDetails, next: NextStep) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = kind;
    this.kind = kind;
    this.code = details.code;
    this.hint = details.hint;
    this.next = next;
    this.context = details.context ?? {};
  }
}

/** Makes an error of a kind whose next step is always the same. */
export function failure(kind: keyof typeof DEFAULT_STEP, details: ErrorDetails): CarillonError {
  return new CarillonError(kind, details, DEFAULT_STEP[kind]);
}

/** The network asks to wait until `at`; it holds for the whole account. */
export function rateLimited(at: Date, details: ErrorDetails): CarillonError {
  return new CarillonError('RateLimited', details, { do: 'at', at });
}

/** A daily or monthly allowance is spent; the next window opens at `at`. */
export function quotaSpent(at: Date, details: ErrorDetails): CarillonError {
  return new CarillonError('QuotaSpent', details, { do: 'at', at });
}

/** What a person typed cannot be done; shown as it is. */
export function usageError(code: ErrorCode, message: string, hint: string): CarillonError {
  return failure('UsageError', { code, message, hint });
}

/** Anything unforeseen becomes a Bug that keeps its cause; our own errors pass unchanged. */
export function asCarillonError(error: unknown): CarillonError {
  if (error instanceof CarillonError) return error;
  return failure('Bug', {
    code: 'BUG',
    message: 'Something went wrong inside Carillon.',
    hint: 'Nothing was lost. The log has the details; please report it with the reference shown there.',
    cause: error,
  });
}

/** The part of an error that is kept with a delivery. */
export function recordError(error: CarillonError): RecordedError {
  return { code: error.code, kind: error.kind, message: error.message, hint: error.hint };
}
