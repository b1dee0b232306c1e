/** Reads the folder of commands: one file each, its default export the definition. */
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CommandDefinition } from '../core/command.ts';

/** The order in which commands are listed; the rest follows by name. */
const FIRST = [
  'post',
  'schedule',
  'queue',
  'show',
  'edit',
  'move',
  'cancel',
  'retry',
  'stats',
  'remove',
  'accounts',
  'settings',
  'team',
  'help',
  'start',
];

const FOLDER = fileURLToPath(new URL('../../commands', import.meta.url));

export async function loadCommands(): Promise<readonly CommandDefinition[]> {
  // Compiled or not, the commands have the same kind of file as this one; source maps and the like are left alone.
  const kind = extname(fileURLToPath(import.meta.url));
  const files = (await readdir(FOLDER)).filter((name) => extname(name) === kind && !name.endsWith('.d.ts'));
  const modules = await Promise.all(files.map((name) => import(pathToFileURL(join(FOLDER, name)).href)));
  const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const commands = modules.map((module: { default: CommandDefinition }) => module.default);
  return commands.sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}
