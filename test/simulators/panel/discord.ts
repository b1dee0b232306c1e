/** Discord on the page of the simulators: one person in one channel, with slash commands typed as a line. */
import { startDiscordSimulator } from '../discord/index.ts';
import type { Sight } from '../discord/sight.ts';
import { type SeenForm, type SeenMessage, seenMessage } from '../discord/view.ts';
import { type ChatFile, type ChatMessage, RATE_PAUSE_SECONDS, type SimulatedChat } from './chat.ts';
import { readTyped } from './typed-command.ts';

const RATE_LIMIT = { status: 429, retryAfter: RATE_PAUSE_SECONDS };
/** Attempts to connect that fail after the gateway was dropped, so that it is seen to be away. */
const REFUSED_CONNECTIONS = 2;

export async function startDiscord(port: number): Promise<SimulatedChat> {
  const discord = await startDiscordSimulator({ port, lastingIds: true });
  const { world, people, gateway, faults, home } = discord;
  const own: ChatMessage[] = [];
  let form: SeenForm | undefined;

  /** Slash commands are no messages in Discord; here they stand where they were typed, and what failed below them. */
  const note = (text: string, by: ChatMessage['by']): void => {
    own.push({ id: world.snowflake(), by, text, rows: [], ...(by === 'bot' ? { isPrivate: true } : {}) });
  };
  const see = (sight: Sight): void => {
    if (sight.kind === 'failed') note(sight.text, 'bot');
    if (sight.kind === 'modal') form = sight.form;
  };
  const seen = (): SeenMessage[] =>
    world.messages
      .filter(
        ({ channel, deleted, onlyFor }) =>
          channel === home.channel && !deleted && (onlyFor ?? home.user) === home.user,
      )
      .map(seenMessage);
  const optionsOf = (name: string) => {
    const command = world.commands.find((each) => each.name === name && each.type === 1);
    if (!command) {
      const isEmpty = world.commands.length === 0;
      throw new Error(
        `Discord knows no /${name}${isEmpty ? ': the bot tells its commands when it starts' : ''}.`,
      );
    }
    return command.options ?? [];
  };

  return {
    chat: 'discord',
    label: 'Discord',
    environment: { DISCORD_API_URL: discord.url, DISCORD_TOKEN: discord.token },
    violations: discord.violations,
    isConnected: () => gateway.connected,
    messages: () => [...own, ...seen().map(messageOf(world.botId))].sort(byId),
    form: () => form && { title: form.title, fields: form.fields },
    type(line, files) {
      if (!line.startsWith('/')) return void people.say(line, { files });
      const { name, given } = readTyped(line, optionsOf);
      const answered = people.slash(name, { ...given, ...attached(name, optionsOf(name), files) });
      note([line, ...files.map((each) => `[${each.name}]`)].join(' '), 'person');
      answered.then(see, (error: Error) => note(error.message, 'bot'));
    },
    async press(messageId, action) {
      const sight = await people.press(
        seen().find(({ id }) => id === messageId),
        action,
      );
      see(sight);
      return sight.kind === 'failed' ? sight.text : undefined;
    },
    async submit(values) {
      const answered = form;
      form = undefined;
      see(await people.submit(answered, values));
    },
    faults: {
      'rate limit': (times) => void faults.add({ ...RATE_LIMIT, times }),
      'server error': (times) => void faults.add({ status: 502, times }),
      'drop before the effect': (times) => void faults.add({ drop: true, times }),
      'drop after the effect': (times) => void faults.add({ drop: true, afterEffect: true, times }),
      'dropped gateway': () => gateway.drop(REFUSED_CONNECTIONS),
      'session over': () => gateway.invalidate(),
    },
    waiting: () => faults.waiting(),
    restore: () => faults.clear(),
    stop: discord.stop,
  };
}

/** Discord's type of an option for a file, in the source that typed-command.ts names. */
const ATTACHMENT = 11;

/** Each file in a field of the command for files, in their order. */
function attached(
  name: string,
  options: readonly { readonly name: string; readonly type: number }[],
  files: readonly ChatFile[],
): Readonly<Record<string, ChatFile>> {
  const fields = options.filter(({ type }) => type === ATTACHMENT);
  if (files.length > fields.length)
    throw new Error(`/${name} has ${fields.length} fields for files; ${files.length} are attached.`);
  return Object.fromEntries(
    fields.slice(0, files.length).map((field, index) => [field.name, files[index] as ChatFile]),
  );
}

const messageOf =
  (botId: string) =>
  ({ id, authorId, text, rows, ephemeral, thinking, edits }: SeenMessage): ChatMessage => ({
    id,
    by: authorId === botId ? 'bot' : 'person',
    text: thinking ? '…' : text,
    rows: rows.map((row) =>
      row.map(({ label, action, style }) => ({
        label,
        action,
        style: style === 'success' ? 'primary' : style,
      })),
    ),
    ...(ephemeral ? { isPrivate: true } : {}),
    ...(edits > 0 ? { isEdited: true } : {}),
  });

/** Snowflakes grow with time. */
function byId(a: ChatMessage, b: ChatMessage): number {
  return Number(BigInt(a.id) - BigInt(b.id));
}
