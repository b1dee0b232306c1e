/** The program in a simulated Telegram, wherever it runs: the real client library there, the people in the test. */
import type {
  MessageMatcher,
  SeenMessage,
  SimulatedChat,
  SimulatedUser,
} from '../simulators/telegram/index.ts';
import { startTelegramSimulator, type TelegramSimulator } from '../simulators/telegram/index.ts';
import type { ProgramOptions, RunningProgram, Start, Test } from './program.ts';

export interface InTelegram<P extends RunningProgram = RunningProgram> {
  readonly telegram: TelegramSimulator;
  readonly program: P;
  readonly env: Readonly<Record<string, string>>;
  /** Owns the bot in her private chat with it. */
  readonly anna: SimulatedUser;
}

export async function startTelegram<P extends RunningProgram>(
  t: Test,
  start: Start<P>,
  programOptions: ProgramOptions = {},
): Promise<InTelegram<P>> {
  const telegram = await startTelegramSimulator();
  t.onTestFinished(() => telegram.stop());
  const env = { TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url, LOG_LEVEL: 'info' };
  const program = await start(t, { ...programOptions, env: { ...env, ...programOptions.env } });
  return { telegram, program, env: { ...env, ...programOptions.env }, anna: telegram.user('Anna') };
}

export async function claim({ anna, program }: Pick<InTelegram, 'anna' | 'program'>): Promise<void> {
  const code = /^Claim code: ([A-Z0-9]{4}-[A-Z0-9]{4})\b/m.exec(program.output)?.[1];
  anna.say(`/start ${code}`);
  await sees(anna.chat, 'You are the owner now');
}

/** Waits for a message of the bot, new or edited; it may be there already. */
export function sees(
  chat: SimulatedChat,
  what: MessageMatcher,
  options: { after?: { id: number } } = {},
): Promise<SeenMessage> {
  return chat.waitForMessage(what, { timeout: 20_000, ...options });
}

/** Messages that tell the outcome of these words: a notice quotes them. */
export const outcomes = (chat: SimulatedChat, words: string): SeenMessage[] =>
  chat.botMessages().filter(({ text }) => text.includes(`“${words}”`));

export const outcome = (chat: SimulatedChat, words: string): Promise<SeenMessage> => sees(chat, `“${words}”`);

export const onWall = async (program: RunningProgram, words: string) =>
  (await program.wall()).filter(({ text }) => text === words);
