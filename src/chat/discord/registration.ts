/**
 * Tells Discord the commands, but only when they differ from what it has: each creation counts against a daily limit,
 * and an overwritten command loses the settings that server owners gave it.
 */
import { type APIApplicationCommand, type RESTPutAPIApplicationCommandsJSONBody, Routes } from 'discord.js';
import { type Clock, MINUTE, SECOND, sleep } from '../../core/clock.ts';
import type { CommandDefinition } from '../../core/command.ts';
import type { Logger } from '../../core/log.ts';
import { applicationCommands } from './application-commands.ts';
import { facts, isRefused } from './errors.ts';
import type { DiscordRest } from './rest.ts';

const FIRST_PAUSE = 5 * SECOND;
const LONGEST_PAUSE = 10 * MINUTE;

interface Registration {
  rest: DiscordRest;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

/** Registers until it has worked or `signal` ends it. A form that Discord refuses is logged and not tried again. */
export async function keepRegistered(
  applicationId: string,
  definitions: readonly CommandDefinition[],
  { rest, clock, log, signal }: Registration,
): Promise<void> {
  for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      const changed = await register(applicationId, definitions, rest);
      const words = changed ? 'Discord commands registered' : 'Discord commands are up to date';
      log.info({ commands: definitions.length }, words);
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (isRefused(error)) {
        log.error(facts(error), 'Discord refuses the form of the commands; the old ones stay in use');
        return;
      }
      log.warn({ ...facts(error), pauseMs: pause }, 'Discord commands could not be registered; trying again');
      await sleep(clock, pause, signal).catch(() => undefined); // Rejects only when the signal ends the loop.
    }
  }
}

/** Whether anything had to be changed. */
async function register(
  applicationId: string,
  definitions: readonly CommandDefinition[],
  rest: DiscordRest,
): Promise<boolean> {
  const route = Routes.applicationCommands(applicationId);
  const wanted = applicationCommands(definitions);
  const present = (await rest.bot().get(route)) as APIApplicationCommand[];
  if (fingerprint(wanted) === fingerprint(present)) return false;
  await rest.bot().put(route, { body: wanted });
  return true;
}

/**
 * What the commands mean, in one form for both sides: Discord adds ids and versions, leaves out what is false or empty,
 * and answers in its own order.
 */
function fingerprint(
  commands: RESTPutAPIApplicationCommandsJSONBody | readonly APIApplicationCommand[],
): string {
  const meanings = commands.map((command) =>
    JSON.stringify({
      type: command.type ?? 1,
      name: command.name,
      description: 'description' in command ? (command.description ?? '') : '',
      options: ('options' in command ? (command.options ?? []) : []).map(meaning),
      contexts: [...(command.contexts ?? [])].sort(),
      integrationTypes: [...(command.integration_types ?? [])].sort(),
    }),
  );
  return meanings.sort().join('\n');
}

/** Any JSON value with sorted keys, without what says nothing: null, false, empty lists and localisations that are not used. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaning);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => !key.endsWith('_localized') && saysSomething(part))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]) => [key, meaning(part)]),
  );
}

function saysSomething(part: unknown): boolean {
  return part !== null && part !== undefined && part !== false && !(Array.isArray(part) && part.length === 0);
}
