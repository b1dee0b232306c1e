/**
 * Checks content against the rules that a network states as data. Pure and offline; every broken rule is found, not only
 * the first. What cannot be said as data, the network's own `validate` adds.
 */
import { fileIssues } from './file-check.ts';
import { formatIssues, inFormat, rulesFor } from './formats.ts';
import { error, warning } from './issue.ts';
import { altIssues, mediaIssues } from './media-check.ts';
import { pollIssues } from './poll-check.ts';
import type { Capabilities, Content, Issue } from './publisher.ts';

/**
 * The text as it is sent: with the link at its end where the network has no better place for it. Used for counting, for
 * sending and for looking it up again, so that the three never differ.
 */
export function composeText(
  capabilities: Pick<Capabilities, 'text' | 'link'>,
  content: Pick<Content, 'text' | 'link'>,
): string {
  if (capabilities.text.shown === false) return '';
  if (capabilities.link !== 'in text' || content.link === undefined || content.text.includes(content.link)) {
    return content.text;
  }
  return content.text.trim() === '' ? content.link : `${content.text.trimEnd()}\n${content.link}`;
}

/** Every broken rule, most important first; errors before warnings. */
export function checkContent(capabilities: Capabilities, content: Content): readonly Issue[] {
  const rules = rulesFor(capabilities, content);
  const broken = [
    ...emptiness(rules, content),
    ...textIssues(rules, content),
    ...mediaIssues(rules, content),
    ...fileIssues(rules, content),
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

function textIssues(capabilities: Capabilities, content: Content): readonly Issue[] {
  const { text, hashtagsMax, mentionsMax } = capabilities;
  if (text.shown === false) return content.text.trim() === '' ? [] : [wordsDropped()];
  const sent = composeText(capabilities, content);
  const issues: Issue[] = [];
  const length = text.count(sent);
  if (length > text.limit) {
    const over = length - text.limit;
    const hint = `Shorten it by ${over}, or give this network its own words with /edit.`;
    issues.push(error('TEXT_TOO_LONG', 'text', `at most ${text.limit} ${text.unit}`, `${length}`, hint));
  }
  const hashtags = countMatches(sent, HASHTAG);
  if (hashtagsMax !== undefined && hashtags > hashtagsMax) {
    issues.push(
      error(
        'TEXT_TOO_MANY_HASHTAGS',
        'text',
        `at most ${hashtagsMax} hashtags`,
        `${hashtags}`,
        `Remove ${hashtags - hashtagsMax} of them.`,
      ),
    );
  }
  const mentions = countMatches(sent, MENTION);
  if (mentionsMax !== undefined && mentions > mentionsMax) {
    issues.push(
      error(
        'TEXT_TOO_MANY_MENTIONS',
        'text',
        `at most ${mentionsMax} mentions`,
        `${mentions}`,
        `Remove ${mentions - mentionsMax} of them.`,
      ),
    );
  }
  return issues;
}

function wordsDropped(): Issue {
  return warning(
    'TEXT_DROPPED',
    'text',
    'no words are shown here',
    'words',
    'They will be left out; put them into the picture or the video if they matter.',
  );
}

/** A number sign that does not stand inside a word or an address, with a letter among what follows ("#1" is no hashtag). */
const HASHTAG = /(?<![\p{L}\p{N}_&/])[#＃](?=[\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]+/gu;
/** An at sign that does not stand inside an address of mail. */
const MENTION = /(?<![\p{L}\p{N}_.@/])@[\p{L}\p{N}_]/gu;
const WEB_ADDRESS = /\bhttps?:\/\/\S+/iu;

function countMatches(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

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
