/** Command definitions as Discord application commands. */
import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOptionChoice,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { Choice, CommandDefinition, OptionSpec } from '../../core/command.ts';
import { descriptionOptionNames, numberedNames } from './option-names.ts';
import { cut } from './shorten.ts';

/** https://docs.discord.com/developers/interactions/application-commands#application-command-object */
const STRING_VALUE_MAX = 6000;
const CHOICE_NAME_MAX = 100;
const CHOICE_VALUE_MAX = 100;
const DESCRIPTION_MAX = 100;

type Command = RESTPutAPIApplicationCommandsJSONBody[number];

/** Usable where the bot was invited, in its direct messages, and anywhere by those who installed it for themselves. */
const EVERYWHERE = {
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
};

/** Slash commands of all definitions, and a message menu entry for each that can be filled from a message. */
export function applicationCommands(definitions: readonly CommandDefinition[]): Command[] {
  return [
    ...definitions.map(slashCommand),
    ...definitions.filter((definition) => definition.fromMessage).map(messageCommand),
  ];
}

/** The entry in the menu of a message: `schedule` → `Schedule this`. */
export function messageCommandName(definition: CommandDefinition): string {
  const words = definition.name.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} this`;
}

/** Choices as Discord takes them; a value that is too long to be sent back is not offered. */
export function discordChoices(choices: readonly Choice[]): APIApplicationCommandOptionChoice<string>[] {
  return choices
    .filter((choice) => choice.value !== '' && choice.value.length <= CHOICE_VALUE_MAX)
    .map((choice) => ({ name: cut(choice.label || choice.value, CHOICE_NAME_MAX), value: choice.value }));
}

function messageCommand(definition: CommandDefinition): Command {
  return { type: ApplicationCommandType.Message, name: messageCommandName(definition), ...EVERYWHERE };
}

function slashCommand(definition: CommandDefinition): Command {
  const descriptions = descriptionOptionNames(definition.options);
  const options = Object.entries(definition.options)
    .filter(([, spec]) => !spec.typedOnly)
    .flatMap(([name, spec]) =>
      name === descriptions[0]
        ? descriptions.flatMap((numbered) => slashOptions(numbered, spec))
        : slashOptions(name, spec),
    );
  return {
    type: ApplicationCommandType.ChatInput,
    name: definition.name,
    description: definition.summary,
    // Discord refuses a required option after an optional one.
    options: [
      ...options.filter((option) => option.required),
      ...options.filter((option) => !option.required),
    ],
    ...EVERYWHERE,
  };
}

function slashOptions(name: string, spec: OptionSpec): APIApplicationCommandBasicOption[] {
  const common = { name, description: spec.summary, required: spec.required === true };
  switch (spec.kind) {
    case 'text':
      return [
        {
          ...common,
          type: ApplicationCommandOptionType.String,
          max_length: Math.min(spec.max ?? STRING_VALUE_MAX, STRING_VALUE_MAX),
          ...(spec.suggest ? { autocomplete: true } : {}),
        },
      ];
    case 'moment':
    case 'targets':
    case 'post':
      return [{ ...common, type: ApplicationCommandOptionType.String, autocomplete: true }];
    case 'choice':
      return [
        { ...common, type: ApplicationCommandOptionType.String, choices: discordChoices(spec.choices) },
      ];
    case 'integer':
      return [
        { ...common, type: ApplicationCommandOptionType.Integer, min_value: spec.min, max_value: spec.max },
      ];
    case 'switch':
      return [{ ...common, type: ApplicationCommandOptionType.Boolean }];
    case 'media':
      return numberedNames(name).map((numbered, index) => ({
        type: ApplicationCommandOptionType.Attachment,
        name: numbered,
        description: index === 0 ? spec.summary : cut(`${spec.summary} (${index + 1})`, DESCRIPTION_MAX),
        required: index === 0 && spec.required === true,
        // Discord looks at the file's name only; the bytes are probed when they are fetched.
        file_types: ['image', 'video'],
      }));
  }
}
