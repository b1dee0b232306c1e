/** Slash commands, message menu entries, and the forms that ask for what they lack. */
import {
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageApplicationCommandInteraction,
  type APIModalSubmitInteraction,
  InteractionResponseType,
} from 'discord.js';
import type { CommandDefinition } from '../../core/command.ts';
import { within } from '../../core/within.ts';
import { messageCommandName } from './application-commands.ts';
import { errorReply, withTyped } from './error-reply.ts';
import { messageForm, typedFields, wordsForm } from './forms.ts';
import { type Input, messageInput, slashInput, WORDS_OPTION } from './input.ts';
import { botMayPost, channelConversation, isDirect } from './place.ts';
import { answerAtOnce, answerWith, firstAnswer, placeholder, type Turn, type TurnTools } from './turn.ts';

export async function onSlashCommand(
  tools: TurnTools,
  turn: Turn<APIChatInputApplicationCommandInteraction>,
): Promise<void> {
  const command = turn.interaction.data.name;
  const definition = tools.desk.commands.find((candidate) => candidate.name === command);
  const input = slashInput(turn.interaction, definition, tools.files);
  const words = definition?.options[WORDS_OPTION];
  if (definition && words?.kind === 'text' && words.multiline && saysNothing(definition, input)) {
    // A slash command's field has a single line; a form is where people can write lines.
    const key = keep(tools, turn, command, input);
    await openForm(tools, turn, wordsForm(key, `/${command}`, words));
    return;
  }
  await runCommand(tools, turn, command, input);
}

export async function onMessageCommand(
  tools: TurnTools,
  turn: Turn<APIMessageApplicationCommandInteraction>,
): Promise<void> {
  const name = turn.interaction.data.name;
  const definition = tools.desk.commands.find(
    (candidate) => candidate.fromMessage && messageCommandName(candidate) === name,
  );
  if (!definition) {
    await answerAtOnce(
      tools,
      turn,
      errorReply(
        `"${name}" does not exist any more.`,
        'Discord still shows an old menu; it will be gone soon.',
      ),
    );
    return;
  }
  const input = messageInput(turn.interaction, definition, tools.files);
  const key = keep(tools, turn, definition.name, input);
  await openForm(tools, turn, messageForm(key, name, definition, input));
}

/** The form came back: what was kept, and what was typed over it. */
export async function onFurtherFields(
  tools: TurnTools,
  turn: Turn<APIModalSubmitInteraction>,
  key: string,
): Promise<void> {
  const typed = typedFields(turn.interaction);
  const kept = tools.unfinished.get(key);
  if (!kept) {
    const reply = errorReply(
      'This form is too old: what it belongs to is forgotten.',
      'Use the command again.',
    );
    await answerAtOnce(tools, turn, withTyped(reply, Object.values(typed)));
    return;
  }
  // A field of the form that was emptied takes back the words that stood in it.
  const { [WORDS_OPTION]: _words, ...fields } = kept.input.fields;
  const input: Input = { fields: { ...fields, ...typed }, media: kept.input.media };
  await runCommand(tools, turn, kept.command, input, Object.values(typed));
}

async function runCommand(
  tools: TurnTools,
  turn: Turn,
  command: string,
  { fields, media }: Input,
  typed: readonly string[] = [],
): Promise<void> {
  const ephemeral = await staysHidden(tools, turn.interaction);
  const taken = await placeholder(tools, turn, ephemeral);
  if (!taken) return;
  const { messageId } = taken;
  await answerWith(
    tools,
    turn,
    { mode: 'reply', ephemeral, ...(messageId === undefined ? {} : { messageId }) },
    async (caller) =>
      withTyped(
        await tools.desk.run({ ...caller, command, input: { kind: 'fields', fields }, media }),
        typed,
      ),
  );
}

/**
 * Public where the bot is at home. Hidden where it is a guest of one person, and in conversations that belong to no
 * workspace, where the others did not ask for it (and where a claim code may be typed).
 */
async function staysHidden(tools: TurnTools, interaction: APIInteraction): Promise<boolean> {
  if (isDirect(interaction)) return false;
  if (!botMayPost(interaction)) return true;
  const known = tools.desk.knows(channelConversation(interaction, false));
  return !(await within(tools.clock, tools.timeouts.knows, known, true));
}

/**
 * Only when, where to and the like was given, and no words or files that those could be about. What is given for a post that
 * exists says enough: it is changed by that.
 */
function saysNothing({ options }: CommandDefinition, { fields, media }: Input): boolean {
  const changes = Object.values(options).some(({ kind, required }) => kind === 'post' && required);
  const says = ([name, value]: [string, unknown]): boolean => {
    const spec = options[name];
    if (spec?.kind === 'text') return true;
    if (spec?.kind === 'targets') return spec.signed === true && SIGNED.test(String(value));
    return changes && spec?.kind !== 'post';
  };
  return media.length === 0 && !Object.entries(fields).some(says);
}

/** A sign in front of a name: accounts are added or dropped. */
const SIGNED = /(?:^|[\s,])[-+–−]/;

function keep(tools: TurnTools, turn: Turn, command: CommandDefinition['name'], input: Input): string {
  tools.unfinished.add(turn.interaction.id, { command, input });
  return turn.interaction.id;
}

async function openForm(tools: TurnTools, turn: Turn, data: ReturnType<typeof wordsForm>): Promise<void> {
  await firstAnswer(tools, turn, { type: InteractionResponseType.Modal, data });
}
