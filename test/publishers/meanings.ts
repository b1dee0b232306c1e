/** What a network's refusal can mean: kind and code of our error, and what may follow it. */
export type Meaning = readonly [kind: string, code: string, next: string];

export const UNKNOWN: Meaning = ['OutcomeUnknown', 'OUTCOME_UNKNOWN', 'reconcile'];
export const DUPLICATE: Meaning = ['OutcomeUnknown', 'DUPLICATE_REFUSED', 'reconcile'];
export const LATER: Meaning = ['PlatformUnavailable', 'PLATFORM_UNAVAILABLE', 'later'];
export const LIMITED: Meaning = ['RateLimited', 'RATE_LIMITED', 'at'];
export const SPENT: Meaning = ['QuotaSpent', 'QUOTA_SPENT', 'at'];
export const WORDS: Meaning = ['ContentRejected', 'CONTENT_REJECTED', 'change content'];
export const MEDIA: Meaning = ['MediaRejected', 'MEDIA_REJECTED', 'change content'];
export const REVOKED: Meaning = ['AuthRevoked', 'AUTH_REVOKED', 'reconnect'];
/** Its age is over; a person is told what to renew, since this network has no token that renews it. */
export const EXPIRED: Meaning = ['AuthExpired', 'AUTH_REVOKED', 'refresh'];
export const FORBIDDEN: Meaning = ['PermissionMissing', 'PERMISSION_MISSING', 'reconnect'];
export const BILLING: Meaning = ['BillingRequired', 'BILLING_REQUIRED', 'reconnect'];
export const ADDRESS: Meaning = ['ConfigError', 'CONFIG_INVALID', 'change config'];
