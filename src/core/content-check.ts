/**
 * Checks content against the rules that a network states as data. Pure and offline; every broken rule is found, not only
 * the first. What cannot be said as data, the network's own `validate` adds.
 */

import type { Capabilities } from './capabilities.ts';
import { coverIssues } from './cover.ts';
import { fileIssues } from './file-check.ts';
import { formatIssues, inFormat, rulesFor } from './formats.ts';
import { error, type Issue, warning } from './issue.ts';
import { altIssues, mediaIssues } from './media-check.ts';
import { pollIssues } from './poll-check.ts';
import type { Content } from './publisher.ts';
import { textIssues } from './text-check.ts';

/** Every broken rule, most important first; errors before warnings. */
export function checkContent(capabilities: Capabilities, content: Content): readonly Issue[] {
  const rules = rulesFor(capabilities, content);
  const broken = [
    ...emptiness(rules, content),
    ...textIssues(rules, content),
    ...mediaIssues(rules, content),
    ...fileIssues(rules, content),
    ...coverIssues(rules, content),
    ...wordIssues(rules, content),
    ...pollIssues(rules, content),
    ...replyIssues(rules, content),
    ...altIssues(rules, content),
  ];
  return sortIssues([...formatIssues(capabilities, content), ...inFormat(broken, capabilities, content)]);
}

const SEVERITIES = ['error', 'warning', 'note'] as const;

/** Errors before warnings before notes; otherwise the order stays. */
export function sortIssues(issues: readonly Issue[]): readonly Issue[] {
  return SEVERITIES.flatMap((severity) => issues.filter((each) => each.severity === severity));
}

function emptiness({ media, text, link }: Capabilities, content: Content): readonly Issue[] {
  if (content.media.length > 0) return [];
  if (media.required || !text.alone) {
    const kinds = [media.image && 'a picture', media.video && 'a video'].filter(Boolean).join(' or ');
    return [
      error(
        'MEDIA_REQUIRED',
        'media',
        `every post needs ${kinds}`,
        'no media',
        `Attach ${kinds}, or leave this network out.`,
      ),
    ];
  }
  const linkCounts = content.link !== undefined && link !== 'none';
  if (content.text.trim() !== '' || linkCounts) return [];
  return [
    error('TEXT_EMPTY', 'text', 'a post needs text or media', 'neither', 'Write something or attach a file.'),
  ];
}

const WEB_ADDRESS = /\bhttps?:\/\/\S+/iu;

function wordIssues(capabilities: Capabilities, content: Content): readonly Issue[] {
  const { title, board, link, text, firstComment } = capabilities;
  const issues: Issue[] = [];
  const titleLength = [...(content.title ?? '')].length;
  if (title && titleLength > title.limit) {
    issues.push(
      error(
        'TITLE_TOO_LONG',
        'title',
        `at most ${title.limit} characters`,
        `${titleLength}`,
        `Shorten the title by ${titleLength - title.limit}.`,
      ),
    );
  }
  if (board?.required && !content.board?.trim()) {
    issues.push(
      error('BOARD_REQUIRED', 'board', 'every post goes to a board', 'no board', 'Name one with board:NAME.'),
    );
  }
  if (!title && titleLength > 0) {
    issues.push(
      warning(
        'TITLE_DROPPED',
        'title',
        'there are no titles here',
        'a title',
        'It will be left out; put it in the text if it matters.',
      ),
    );
  }
  if (link === 'none' && content.link !== undefined) {
    issues.push(warning('LINK_DROPPED', 'link', 'there are no links here', 'a link', 'It will be left out.'));
  }
  if (link === 'none' && text.shown !== false && WEB_ADDRESS.test(content.text)) {
    issues.push(
      warning(
        'LINK_NOT_CLICKABLE',
        'text',
        'links in the text cannot be followed here',
        'a web address',
        'It will be shown as plain text.',
      ),
    );
  }
  if (!firstComment && content.firstComment?.trim()) {
    issues.push(
      warning(
        'FIRST_COMMENT_DROPPED',
        'firstComment',
        'a first comment cannot be written here',
        'a first comment',
        'It will be left out.',
      ),
    );
  }
  return issues;
}

function replyIssues({ replies }: Capabilities, content: Content): readonly Issue[] {
  const wanted = content.replies;
  // Everyone may reply where nothing can be chosen, so nothing is lost.
  if (wanted === undefined || wanted === 'everyone' || replies?.includes(wanted)) return [];
  const rule = replies
    ? `who may reply: ${replies.join(', ')}`
    : 'who may reply cannot be chosen for one post here';
  return [warning('REPLIES_DROPPED', 'replies', rule, wanted, 'The account’s own settings will decide.')];
}
