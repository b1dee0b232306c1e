/** The chats in which the bench of `/schedule` writes: what is typed, and when the answer is there. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startDiscordSimulator } from '../simulators/discord/index.ts';
import { startTelegramSimulator } from '../simulators/telegram/index.ts';
import type { Program } from './program.ts';

export interface ChatUnderLoad {
  readonly environment: Readonly<Record<string, string>>;
  /** The program runs: people join. */
  ready(program: Program): Promise<void>;
  /** Writes one post, which no other says, and ends when the answer with its card is seen. */
  schedule(person: number): Promise<void>;
  stop(): Promise<void>;
}

const WHEN = 'tomorrow 9:00';
/** One account each, as most posts have; more accounts would measure the number of documents. */
const TO = 'x';
const CODE = /^Claim code: ([A-Z0-9]{4}-[A-Z0-9]{4})\b/;

function wordsSource(): () => string {
  let count = 0;
  return () => `Bells of the hour ${++count} ring`;
}

/** One person who pastes many lines: the program has some in hand together, and answers in their order. */
export async function inTerminal(): Promise<ChatUnderLoad> {
  const next = wordsSource();
  const waiting = new Map<string, () => void>();
  let type: (line: string) => void = () => undefined;
  return {
    environment: {},
    async ready({ child }) {
      if (!child.stdin || !child.stdout) throw new Error('the program has no terminal');
      const { stdin } = child;
      type = (line) => void stdin.write(`${line}\n`);
      createInterface(child.stdout).on('line', (line) => {
        const words = /Bells of the hour \d+ ring/.exec(line)?.[0];
        if (words === undefined) return;
        waiting.get(words)?.();
        waiting.delete(words);
      });
    },
    schedule: () =>
      new Promise((resolve) => {
        const words = next();
        waiting.set(words, resolve);
        type(`/schedule to:${TO} when:"${WHEN}" ${words}`);
      }),
    stop: async () => undefined,
  };
}

/** Each person of the team in the team's channel. */
export async function inDiscord(people: number): Promise<ChatUnderLoad> {
  const next = wordsSource();
  const discord = await startDiscordSimulator({ patience: 20_000 });
  const users = Array.from({ length: people }, (_, index) => discord.world.user(`Person ${index}`));
  return {
    environment: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url },
    async ready(program) {
      await discord.ready();
      await discord.people.slash('start', { code: await claimCode(program) });
      for (const user of users) await discord.people.slash('team', { add: user.id, role: 'editor' });
    },
    async schedule(person) {
      const text = next();
      const user = users[person];
      if (!user) throw new Error(`there is no person ${person}`);
      await discord.people.slash(
        'schedule',
        { text, when: WHEN, to: TO },
        { user, until: (sight) => sight.text.includes(text) },
      );
    },
    stop: () => discord.stop(),
  };
}

/** Each person of the team in the own chat with the bot. */
export async function inTelegram(people: number): Promise<ChatUnderLoad> {
  const next = wordsSource();
  const telegram = await startTelegramSimulator();
  const owner = telegram.user('Owner');
  const users = Array.from({ length: people }, (_, index) => telegram.user(`Person ${index}`));
  return {
    environment: { TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url },
    async ready(program) {
      const after = owner.say(`/start ${await claimCode(program)}`);
      await owner.chat.waitForMessage('You are the owner now', { after });
      for (const user of users) {
        const asked = owner.say(`/team add:${user.id} role:editor`);
        await owner.chat.waitForMessage(() => true, { after: asked });
      }
    },
    async schedule(person) {
      const text = next();
      const user = users[person];
      if (!user) throw new Error(`there is no person ${person}`);
      const after = user.say(`/schedule to:${TO} when:"${WHEN}" ${text}`);
      await user.chat.waitForMessage(text, { after, timeout: 20_000 });
    },
    stop: () => telegram.stop(),
  };
}

/** The code that the program printed when it found no owner. */
async function claimCode({ said, child }: Program): Promise<string> {
  for (;;) {
    const code = said.map((line) => CODE.exec(line)?.[1]).find((found) => found !== undefined);
    if (code !== undefined) return code;
    if (!child.stdout) throw new Error('the program has no output');
    await once(child.stdout, 'data');
  }
}
