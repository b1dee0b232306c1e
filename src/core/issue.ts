/** What a check finds, and makers of it, so that a check reads as a list of rules. */
import type { Words } from './words.ts';

/** One broken rule, or a remark; `rule` names it with its number ("at most 280 weighted characters"), `found` what there is. */
export interface Issue {
  readonly code: string;
  readonly field: keyof Words | 'media' | 'alt' | 'moment';
  readonly rule: string;
  readonly found: string;
  readonly hint: string;
  /**
   * `warning`: it will be published all the same, and the person is told what happens to it. `note`: nothing is wrong; the
   * person may want to know it before it goes out.
   */
  readonly severity: 'error' | 'warning' | 'note';
  /** Values that would mend it, by the network's own word; offered where they are few. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  /** The next instant at which the rule would not be broken, where it is a matter of time. */
  readonly freeAt?: Date;
  /** The text as a thread: of a note how it goes out, of an error how it could. */
  readonly parts?: readonly string[];
}

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
