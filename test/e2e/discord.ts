/** The program in a simulated Discord, wherever it runs: the real client library there, the people in the test. */
import {
  type DiscordSimulator,
  type SeenMessage,
  type SimChannel,
  startDiscordSimulator,
} from '../simulators/discord/index.ts';
import type { RunningProgram, Start, Test } from './program.ts';

export interface InDiscord<P extends RunningProgram = RunningProgram> {
  readonly discord: DiscordSimulator;
  readonly program: P;
  readonly env: Readonly<Record<string, string>>;
}

export async function startDiscord<P extends RunningProgram>(
  t: Test,
  start: Start<P>,
): Promise<InDiscord<P>> {
  const discord = await startDiscordSimulator({ patience: 20_000 });
  t.onTestFinished(() => discord.stop());
  const env = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url, LOG_LEVEL: 'info' };
  const program = await start(t, { env });
  await discord.ready();
  return { discord, program, env };
}

export function claimCode(program: RunningProgram): string {
  const code = /^Claim code: ([A-Z0-9]{4}-[A-Z0-9]{4})\b/m.exec(program.output)?.[1];
  if (!code) throw new Error(`No claim code was printed:\n${program.output}`);
  return code;
}

/** Ada becomes owner and #posts belongs to the team. */
export async function claim({ discord, program }: InDiscord): Promise<void> {
  const sight = await discord.people.slash('start', { code: claimCode(program) });
  if (!sight.text.includes('You are the owner now')) throw new Error(sight.text);
}

/** Messages in a channel that tell the outcome of these words. */
export function outcomes(discord: DiscordSimulator, words: string, channel?: SimChannel): SeenMessage[] {
  return discord
    .messages(channel)
    .filter(({ text, nonce }) => nonce !== undefined && text.includes(`“${words}”`));
}

/** Waits for the outcome of these words. */
export function outcome(
  discord: DiscordSimulator,
  words: string,
  channel?: SimChannel,
): Promise<SeenMessage> {
  return discord.until(`the outcome of “${words}”`, () => outcomes(discord, words, channel)[0]);
}

/** The card of a post as it stands now. */
export function cardOf(discord: DiscordSimulator, id: string, channel?: SimChannel): SeenMessage | undefined {
  return discord
    .messages(channel)
    .find(({ text, nonce }) => nonce === undefined && text.startsWith(`${id} ·`));
}

export const idOf = (text: string): string => /#[A-Z0-9]{5,6}/.exec(text)?.[0] ?? '';
