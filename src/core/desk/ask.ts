/** Buttons that ask for a text first: the question with what stands in its field, and the answer that comes back. */

import { cleanText } from '../clean-text.ts';
import type { ActionDefinition, Ask, CommandContext, CommandDefinition } from '../command.ts';
import { usageError } from '../errors.ts';

/** A pressed button: its action with the arguments, in the context of the person who pressed it and may. */
export interface Pressed {
  readonly command: CommandDefinition;
  readonly action: ActionDefinition;
  readonly args: readonly string[];
  readonly context: CommandContext;
}

/** What is asked first; undefined when nothing is. Error: OPTION_INVALID when what stands there does not fit the field. */
export async function askOf(pressed: Pressed): Promise<(Ask & { readonly value: string }) | undefined> {
  const { ask } = pressed.action;
  if (!ask) return undefined;
  const value = (await ask.prefill?.(pressed.context, pressed.args)) ?? '';
  refuseTooLong(pressed, ask, value);
  return { ...ask, value };
}

/**
 * The answer, cleaned; empty for an action that asks nothing. An action that asks never runs without an answer: an empty
 * one would wipe what it changes. Errors: OPTION_MISSING, OPTION_INVALID.
 */
export async function answerFor(pressed: Pressed, answer: string | undefined): Promise<string> {
  const { ask } = pressed.action;
  if (!ask) return '';
  if (answer === undefined) {
    await askOf(pressed);
    throw usageError(
      'OPTION_MISSING',
      `“${ask.title}” needs an answer.`,
      'Press the button again and answer.',
    );
  }
  const clean = cleanText(answer);
  refuseTooLong(pressed, ask, clean);
  return clean;
}

function refuseTooLong({ command }: Pressed, { title, max }: Ask, text: string): void {
  const { length } = Array.from(text);
  if (length <= max) return;
  throw usageError(
    'OPTION_INVALID',
    `“${title}”: the text has ${length} characters; a button takes at most ${max}.`,
    `Shorten it, or use the command: ${command.examples[0] ?? `/${command.name}`}`,
  );
}
