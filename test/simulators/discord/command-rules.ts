/** The rules for application commands that Discord's description does not hold, and the form in which Discord keeps them. */
import type { APIApplicationCommand } from 'discord.js';

type Json = Record<string, unknown>;

const CHAT_INPUT = 1;
const COMMAND_NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const TEXT_TOTAL_MAX = 8000;
const CHAT_INPUT_MAX = 100;
const MENU_MAX = 15;
const CHOICES_MAX = 25;

export function commandFaults(commands: readonly Json[]): string[] {
  const faults = commands.flatMap(oneCommandFaults);
  const names = commands.map((command) => `${command.type ?? CHAT_INPUT} ${command.name}`);
  faults.push(
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name}: twice`),
  );
  const slash = commands.filter((command) => (command.type ?? CHAT_INPUT) === CHAT_INPUT).length;
  if (slash > CHAT_INPUT_MAX) faults.push(`${slash} slash commands, at most ${CHAT_INPUT_MAX}`);
  if (commands.length - slash > MENU_MAX)
    faults.push(`${commands.length - slash} menu entries, at most ${MENU_MAX}`);
  return faults;
}

function oneCommandFaults(command: Json): string[] {
  const name = String(command.name);
  const options = (command.options ?? []) as Json[];
  if ((command.type ?? CHAT_INPUT) !== CHAT_INPUT) {
    const odd = command.description || options.length > 0;
    return odd ? [`${name}: a menu entry has neither description nor options`] : [];
  }
  const faults = [...nameFaults(name), ...(command.description ? [] : [`${name}: no description`])];
  const optional = options.findIndex((option) => !option.required);
  if (optional >= 0 && options.slice(optional).some((option) => option.required)) {
    faults.push(`${name}: a required option after an optional one`);
  }
  const optionNames = options.map((option) => option.name);
  if (new Set(optionNames).size !== optionNames.length) faults.push(`${name}: two options of one name`);
  for (const option of options) {
    const choices = (option.choices ?? []) as Json[];
    faults.push(...nameFaults(String(option.name)));
    if (!option.description) faults.push(`${name} ${option.name}: no description`);
    if (option.autocomplete && choices.length > 0)
      faults.push(`${name} ${option.name}: choices and autocomplete`);
    if (choices.length > CHOICES_MAX) faults.push(`${name} ${option.name}: ${choices.length} choices`);
  }
  const total = textLength(command) + options.reduce((sum, option) => sum + textLength(option), 0);
  return total > TEXT_TOTAL_MAX
    ? [...faults, `${name}: ${total} characters of text, at most ${TEXT_TOTAL_MAX}`]
    : faults;
}

function nameFaults(name: string): string[] {
  return COMMAND_NAME.test(name) && name === name.toLowerCase()
    ? []
    : [`${name}: not a command or option name`];
}

function textLength(part: Json): number {
  const choices = (part.choices ?? []) as Json[];
  const own = String(part.name).length + String(part.description ?? '').length;
  return (
    own + choices.reduce((sum, choice) => sum + String(choice.name).length + String(choice.value).length, 0)
  );
}

/** As Discord gives it back: with its own fields, without what is false or empty, in an order of its own. */
export function storedCommand(command: Json, id: string, applicationId: string): APIApplicationCommand {
  const options = ((command.options ?? []) as Json[]).map((option) =>
    Object.fromEntries(
      Object.entries(option)
        .filter(([, value]) => value !== false && !(Array.isArray(value) && value.length === 0))
        .reverse(),
    ),
  );
  return {
    id,
    application_id: applicationId,
    version: id,
    default_member_permissions: null,
    type: command.type ?? CHAT_INPUT,
    name: command.name,
    name_localizations: null,
    description: command.description ?? '',
    description_localizations: null,
    dm_permission: true,
    contexts: [...((command.contexts as number[] | undefined) ?? [])].reverse(),
    integration_types: command.integration_types ?? [0],
    nsfw: false,
    ...(options.length > 0 ? { options } : {}),
  } as unknown as APIApplicationCommand; // Assembled from a body that was checked just before.
}
