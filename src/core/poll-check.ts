/** Which polls a network takes. A post without its poll makes no sense, so what breaks a rule is never left out silently. */

import type { Capabilities, PollRule } from './capabilities.ts';
import { error, type Issue } from './issue.ts';
import { describePollLength, POLL_MINUTES_DEFAULT } from './poll.ts';
import type { Content } from './publisher.ts';

/** Every broken rule of the poll; none for a post without one. */
export function pollIssues({ poll: rule }: Capabilities, content: Content): readonly Issue[] {
  const options = content.poll ?? [];
  if (options.length === 0) return [];
  if (!rule) {
    return [
      error(
        'POLL_UNSUPPORTED',
        'poll',
        'there are no polls here',
        'a poll',
        'Leave this network out, or take the poll out and give it to one network only: /edit with `to` and `poll`.',
      ),
    ];
  }
  return [
    ...optionIssues(rule, options),
    ...lengthIssues(rule, content.pollMinutes ?? POLL_MINUTES_DEFAULT),
    ...mediaIssues(rule, content),
  ];
}

function optionIssues(rule: PollRule, options: readonly string[]): readonly Issue[] {
  const issues: Issue[] = [];
  const { length } = options;
  if (length < rule.minOptions || length > rule.maxOptions) {
    const hint =
      length < rule.minOptions
        ? 'Add answers, with | between them.'
        : `Leave out ${length - rule.maxOptions} of them.`;
    const said = `a poll has ${rule.minOptions} to ${rule.maxOptions} answers`;
    issues.push(error('POLL_OPTIONS_NUMBER', 'poll', said, `${length}`, hint));
  }
  for (const option of options) {
    const over = [...option].length - rule.optionLimit;
    if (over <= 0) continue;
    issues.push(
      error(
        'POLL_OPTION_TOO_LONG',
        'poll',
        `an answer has at most ${rule.optionLimit} characters`,
        `${rule.optionLimit + over} in “${option}”`,
        `Shorten it by ${over}.`,
      ),
    );
  }
  return issues;
}

function lengthIssues({ minMinutes, maxMinutes }: PollRule, minutes: number): readonly Issue[] {
  if (minutes >= minMinutes && minutes <= maxMinutes) return [];
  return [
    error(
      'POLL_LENGTH',
      'pollMinutes',
      `a poll is open for ${describePollLength(minMinutes)} to ${describePollLength(maxMinutes)}`,
      describePollLength(minutes),
      'Give another poll_length.',
    ),
  ];
}

function mediaIssues({ withMedia }: PollRule, { media }: Content): readonly Issue[] {
  if (withMedia || media.length === 0) return [];
  return [
    error(
      'POLL_WITH_MEDIA',
      'poll',
      'a poll stands without pictures and videos',
      `a poll and ${media.length} of them`,
      'Leave out the poll, or the media.',
    ),
  ];
}
