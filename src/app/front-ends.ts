/** Makes the front-ends that the configuration asks for; the code of a chat is imported only when it is used. */
import { join, resolve } from 'node:path';
import type { TelegramFrontEnd } from '../chat/telegram/index.ts';
import type { TerminalFrontEnd, TerminalOptions } from '../chat/terminal/index.ts';
import type { Config } from '../config.ts';
import type { FrontEnd } from '../core/chat.ts';
import type { ChatInbox } from '../core/chat-inbox.ts';
import type { Clock, Random } from '../core/clock.ts';
import type { Logger } from '../core/log.ts';

/** The names of all front-ends there are. */
export const FRONTENDS = ['discord', 'telegram', 'terminal'] as const;

/** The path that Telegram calls when it pushes updates. */
export const TELEGRAM_WEBHOOK_PATH = '/telegram/webhook';

export interface FrontEnds {
  readonly all: readonly FrontEnd[];
  readonly terminal?: TerminalFrontEnd;
  readonly telegram?: TelegramFrontEnd;
}

/** Where the terminal chat is held, when there is one. */
export interface Terminal extends Pick<TerminalOptions, 'input' | 'output'> {
  /** Relative paths of files that a person names start here. */
  readonly workingDirectory: string;
}

export async function createFrontEnds(
  config: Config,
  terminal: Terminal,
  parts: { inbox: ChatInbox; clock: Clock; random: Random; log: Logger },
): Promise<FrontEnds> {
  const { clock, random, log } = parts;
  const all: FrontEnd[] = [];
  let telegram: TelegramFrontEnd | undefined;
  if (config.discord.token && config.roles.has('discord')) {
    const { createDiscordFrontEnd } = await import('../chat/discord/index.ts');
    const { token, apiUrl } = config.discord;
    all.push(
      createDiscordFrontEnd({
        token: token.reveal(),
        ...(apiUrl === undefined ? {} : { apiUrl }),
        clock,
        random,
        log: log.child({ frontend: 'discord' }),
      }),
    );
  }
  if (config.telegram.token && config.roles.has('telegram')) {
    const { createTelegramFrontEnd } = await import('../chat/telegram/index.ts');
    const { token, apiUrl, webhookSecret } = config.telegram;
    const webhook =
      webhookSecret && config.web.publicUrl
        ? { url: new URL(TELEGRAM_WEBHOOK_PATH, config.web.publicUrl).href, secret: webhookSecret.reveal() }
        : undefined;
    telegram = createTelegramFrontEnd({
      token: token.reveal(),
      ...(apiUrl === undefined ? {} : { apiUrl }),
      ...(webhook ? { webhook } : {}),
      inbox: parts.inbox,
      clock,
      random,
      log: log.child({ frontend: 'telegram' }),
    });
    all.push(telegram);
  }
  if (config.discord.token || config.telegram.token) return { all, ...(telegram ? { telegram } : {}) };
  const { createTerminalFrontEnd } = await import('../chat/terminal/index.ts');
  const historyFile = join(resolve(config.dataDirectory), 'history');
  const chat = createTerminalFrontEnd({
    input: terminal.input,
    output: terminal.output,
    clock,
    random,
    log: log.child({ frontend: 'terminal' }),
    historyFile,
    colour: config.terminal.colour,
    ...(config.terminal.cursor ? {} : { interactive: false }),
  });
  return { all: [chat], terminal: chat };
}
