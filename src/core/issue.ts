/** Makers of issues, so that a check reads as a list of rules. */
import type { Issue } from './publisher.ts';

/** A broken rule; the post cannot go out like this. */
export function error(code: string, field: Issue['field'], rule: string, found: string, hint: string): Issue {
  return { code, field, rule, found, hint, severity: 'error' };
}

/** It goes out all the same, and the person is told what happens to it. */
export function warning(
  code: string,
  field: Issue['field'],
  rule: string,
  found: string,
  hint: string,
): Issue {
  return { code, field, rule, found, hint, severity: 'warning' };
}

/** Nothing is wrong; good to know before it goes out. */
export function note(code: string, field: Issue['field'], rule: string, found: string, hint: string): Issue {
  return { code, field, rule, found, hint, severity: 'note' };
}
