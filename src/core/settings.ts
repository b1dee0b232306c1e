/** What of the configuration core needs; src/config.ts fills it. Durations are milliseconds. */
export interface SchedulerSettings {
  /** How often the sweep looks for what was lost. */
  readonly intervalMs: number;
  /** Tries after the first one, for transient failures. */
  readonly maxRetries: number;
  /** The first pause; each further one is twice as long. */
  readonly retryDelayMs: number;
  /** A post later than this is not sent by itself any more: a person decides. */
  readonly lateLimitMs: number;
}
