/** How long a text may be and what may stand in it; a text that could be a thread is shown as one. */

import type { Capabilities } from './capabilities.ts';
import { error, type Issue, note, warning } from './issue.ts';
import type { Content } from './publisher.ts';
import { composeText, sentTexts } from './sent-text.ts';
import { threadParts } from './thread.ts';

/** Every broken rule of the text, of each part of a thread on its own; and a note on how a thread goes out. */
export function textIssues(capabilities: Capabilities, content: Content): readonly Issue[] {
  if (capabilities.text.shown === false) return content.text.trim() === '' ? [] : [wordsDropped()];
  const texts = sentTexts(capabilities, content);
  if (texts.length > 1) {
    const said = threadIssues(capabilities, texts);
    return [
      ...said,
      ...texts.flatMap((text) => [...partLength(capabilities, text), ...tagIssues(capabilities, text)]),
    ];
  }
  const [text = ''] = texts;
  return [...lengthIssues(capabilities, text, content), ...tagIssues(capabilities, text)];
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

function threadIssues({ thread, text }: Capabilities, parts: readonly string[]): readonly Issue[] {
  const most = thread?.maxParts ?? 1;
  if (parts.length > most) {
    return [
      error(
        'THREAD_TOO_LONG',
        'text',
        `a thread has at most ${most} parts of ${text.limit} ${text.unit}`,
        `more than ${most}`,
        'Shorten it, or make two posts of it.',
      ),
    ];
  }
  const hint = 'Each answers the one before it; pictures, videos and a poll stand on the first.';
  return [{ ...note('THREAD', 'text', 'goes out as a thread', `${parts.length} parts`, hint), parts }];
}

/** Parts are made to fit; one that does not is a single word or link that nothing shorter can be made of. */
function partLength({ text: { limit, unit, count } }: Capabilities, part: string): readonly Issue[] {
  const length = count(part);
  if (length <= limit) return [];
  const rule = `a part has at most ${limit} ${unit}`;
  return [error('TEXT_TOO_LONG', 'text', rule, `${length} that cannot be split`, 'Shorten that word.')];
}

function lengthIssues(capabilities: Capabilities, text: string, content: Content): readonly Issue[] {
  const { limit, unit, count } = capabilities.text;
  const length = count(text);
  if (length <= limit) return [];
  const parts = possibleThread(capabilities, content);
  const asThread = parts ? `, or send it as a thread of ${parts.length} parts with thread:yes` : '';
  const hint = `Shorten it by ${length - limit}, or give this network its own words with /edit${asThread}.`;
  const issue = error('TEXT_TOO_LONG', 'text', `at most ${limit} ${unit}`, `${length}`, hint);
  return [parts ? { ...issue, parts } : issue];
}

/** The parts that the text would make where threads are possible and nobody has chosen yet. */
function possibleThread(capabilities: Capabilities, content: Content): readonly string[] | undefined {
  if (!capabilities.thread || content.thread) return undefined;
  const parts = threadParts(capabilities, composeText(capabilities, content));
  const isPossible =
    parts.length <= capabilities.thread.maxParts &&
    parts.every((part) => capabilities.text.count(part) <= capabilities.text.limit);
  return isPossible ? parts : undefined;
}

function tagIssues({ hashtagsMax, mentionsMax }: Capabilities, text: string): readonly Issue[] {
  const rules = [
    ['TEXT_TOO_MANY_HASHTAGS', 'hashtags', HASHTAG, hashtagsMax],
    ['TEXT_TOO_MANY_MENTIONS', 'mentions', MENTION, mentionsMax],
  ] as const;
  return rules.flatMap(([code, what, pattern, most]) => {
    const found = [...text.matchAll(pattern)].length;
    if (most === undefined || found <= most) return [];
    return [error(code, 'text', `at most ${most} ${what}`, `${found}`, `Remove ${found - most} of them.`)];
  });
}

/** A number sign that does not stand inside a word or an address, with a letter among what follows ("#1" is no hashtag). */
const HASHTAG = /(?<![\p{L}\p{N}_&/])[#＃](?=[\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]+/gu;
/** An at sign that does not stand inside an address of mail. */
const MENTION = /(?<![\p{L}\p{N}_.@/])@[\p{L}\p{N}_]/gu;
