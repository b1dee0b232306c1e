/** What a person gave to a slash command or took from a message, as the fields and media that the desk takes. */
import {
  type APIApplicationCommandInteractionDataBasicOption,
  type APIApplicationCommandInteractionDataOption,
  type APIChatInputApplicationCommandInteraction,
  type APIMessageApplicationCommandInteraction,
  ApplicationCommandOptionType,
} from 'discord.js';
import type { CommandDefinition } from '../../core/command.ts';
import type { IncomingMedia } from '../../core/media.ts';
import { type AttachmentSource, incomingAttachment } from './attachments.ts';
import { plainWords, saidIn } from './message-words.ts';
import { descriptionOptionNames, fileOptionNames } from './option-names.ts';

type Fields = Readonly<Record<string, string | number | boolean>>;

export interface Input {
  readonly fields: Fields;
  readonly media: readonly IncomingMedia[];
}

/** The option that a message's words stand for (the product's common name for the words of a post). */
export const WORDS_OPTION = 'text';

/** The options of a slash command. Unknown ones are handed on: the desk says what it thinks of them. */
export function slashInput(
  interaction: APIChatInputApplicationCommandInteraction,
  definition: CommandDefinition | undefined,
  source: AttachmentSource,
): Input {
  const files = fileOptionNames(definition?.options ?? {});
  const descriptions = descriptionOptionNames(definition?.options ?? {});
  const given = new Map(
    (interaction.data.options ?? []).filter(isBasic).map((option) => [option.name, option.value]),
  );
  const attachments = interaction.data.resolved?.attachments ?? {};

  const fields: Record<string, string | number | boolean> = {};
  for (const [name, value] of given) {
    // Only the first description is an option of the command itself; the numbered ones travel with their file.
    if (files.includes(name) || descriptions.slice(1).includes(name)) continue;
    const isText = definition?.options[name]?.kind === 'text' && typeof value === 'string';
    fields[name] = isText ? plainWords(value) : value;
  }
  const media = files.flatMap((name, index) => {
    const attachment = attachments[String(given.get(name))];
    if (!attachment) return [];
    const description = given.get(descriptions[index] ?? '');
    return [
      incomingAttachment(attachment, typeof description === 'string' ? description : undefined, source),
    ];
  });
  return { fields, media };
}

/** The words and files of the message whose menu was used. */
export function messageInput(
  interaction: APIMessageApplicationCommandInteraction,
  definition: CommandDefinition,
  source: AttachmentSource,
): Input {
  const message = interaction.data.resolved.messages[interaction.data.target_id];
  const takesWords = definition.options[WORDS_OPTION]?.kind === 'text';
  const takesFiles = fileOptionNames(definition.options).length > 0;
  const { words, files } = message ? saidIn(message) : { words: '', files: [] };
  return {
    fields: takesWords && words ? { [WORDS_OPTION]: words } : {},
    media: takesFiles ? files.map((file) => incomingAttachment(file, undefined, source)) : [],
  };
}

type Basic = Exclude<APIApplicationCommandInteractionDataBasicOption, { focused: true }>;

/** Commands here are flat; a subcommand could only come from a registration that is not ours. */
function isBasic(option: APIApplicationCommandInteractionDataOption): option is Basic {
  return (
    option.type !== ApplicationCommandOptionType.Subcommand &&
    option.type !== ApplicationCommandOptionType.SubcommandGroup
  );
}
