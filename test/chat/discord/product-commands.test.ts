/** The product's own commands as Discord would judge them. */
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { applicationCommands } from '../../../src/chat/discord/application-commands.ts';
import type { CommandDefinition } from '../../../src/core/command.ts';
import { commandFaults } from '../../simulators/discord/command-rules.ts';
import { schemaFaults } from '../../simulators/discord/schema.ts';

const FOLDER = new URL('../../../commands/', import.meta.url);

async function definitions(): Promise<CommandDefinition[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.ts'));
  const modules = await Promise.all(names.map((name) => import(new URL(name, FOLDER).href)));
  return modules.map((module: { default: CommandDefinition }) => module.default);
}

it('all commands can be registered', async () => {
  const commands = applicationCommands(await definitions());
  expect(commands.length).toBeGreaterThan(10);
  expect(commandFaults(commands as unknown as Record<string, unknown>[])).toEqual([]);
  expect(schemaFaults('put', '/applications/{application_id}/commands', commands)).toEqual([]);
});
