/** Names of accounts in a sentence. */
import type { Account } from '../words.ts';

/** Of more accounts than these only the number is said. */
const NAMES_MAX = 6;

/** "X @acme, Tumblr acme"; of very many the first ones: "X @acme, …, X @shop and 25 more". */
export function namesOf(accounts: readonly Account[], labelOf: (account: Account) => string): string {
  const named = accounts.length > NAMES_MAX ? accounts.slice(0, NAMES_MAX - 1) : accounts;
  const missing = accounts.length - named.length;
  return `${named.map(labelOf).join(', ')}${missing > 0 ? ` and ${missing} more` : ''}`;
}
