/** A line that begins with a slash, taken apart. */
import type { ChatDesk } from '../../core/chat.ts';
import type { CommandDefinition } from '../../core/command.ts';
import { commandFromOneLine } from './escapes.ts';

const COMMAND = /^\s*\/([^\s/]\S*)(?:\s([\s\S]*))?$/;

export interface TypedCommand {
  readonly name: string;
  /** Undefined when there is no such command. */
  readonly definition: CommandDefinition | undefined;
  readonly words: string;
}

/** Undefined for a line that is no command. */
export function typedCommand(desk: Pick<ChatDesk, 'commands'>, line: string): TypedCommand | undefined {
  const command = COMMAND.exec(line);
  if (!command) return undefined;
  const name = (command[1] ?? '').toLowerCase();
  const typed = command[2] ?? '';
  const definition = desk.commands.find((known) => known.name === name);
  return { name, definition, words: definition ? commandFromOneLine(definition.options, typed) : typed };
}
