/** The text as it is sent. Used for counting, for sending and for looking it up again, so that the three never differ. */
import type { Capabilities } from './capabilities.ts';
import type { Content } from './publisher.ts';
import { afterParts, threadParts } from './thread.ts';

type Said = Pick<Content, 'text' | 'link' | 'thread'>;

/** The whole text: with the link at its end where the network has no better place for it. */
export function composeText(
  capabilities: Pick<Capabilities, 'text' | 'link'>,
  content: Pick<Said, 'text' | 'link'>,
): string {
  if (capabilities.text.shown === false) return '';
  if (capabilities.link !== 'in text' || content.link === undefined || content.text.includes(content.link)) {
    return content.text;
  }
  return content.text.trim() === '' ? content.link : `${content.text.trimEnd()}\n${content.link}`;
}

/** The texts of the posts that it becomes: the parts of a thread where one is wanted and possible, otherwise the one whole. */
export function sentTexts(capabilities: Capabilities, content: Said): readonly string[] {
  const whole = composeText(capabilities, content);
  const parts = content.thread && capabilities.thread ? threadParts(capabilities, whole) : [];
  return parts.length > 1 ? parts : [parts[0] ?? whole];
}

/** Those that are still to come when the first parts stand already; undefined when the text does not begin with them. */
export function textsToCome(
  capabilities: Capabilities,
  content: Said,
  out: readonly string[],
): readonly string[] | undefined {
  if (out.length === 0) return sentTexts(capabilities, content);
  const rest = afterParts(composeText(capabilities, content), out);
  return rest === undefined ? undefined : threadParts(capabilities, rest);
}
