/** What is known of a network without talking to it: shared by its real publisher and by its rehearsal. */

import type { Capabilities } from '../core/capabilities.ts';
import { checkContent, sortIssues } from '../core/content-check.ts';
import type { Issue } from '../core/issue.ts';
import type { Content } from '../core/publisher.ts';

export interface NetworkRules {
  readonly network: string;
  /** The network's name for people. */
  readonly label: string;
  readonly capabilities: Capabilities;
  /** Rules that cannot be said as data; pure and offline, most important first. */
  extras?(content: Content): readonly Issue[];
}

/** Every broken rule of a network: those that its capabilities state, then its own. */
export function validateBy(rules: NetworkRules, content: Content): readonly Issue[] {
  return sortIssues([...checkContent(rules.capabilities, content), ...(rules.extras?.(content) ?? [])]);
}

/** Unicode code points, the usual meaning of "characters" in the API descriptions of the networks. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
