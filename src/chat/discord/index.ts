/** The Discord front-end: serves every command of the desk as slash command, button, form and message menu entry. */
import type { FrontEnd } from '../../core/chat.ts';
import { type Clock, type Random, SECOND } from '../../core/clock.ts';
import type { CommandDefinition } from '../../core/command.ts';
import type { Logger } from '../../core/log.ts';
import { within } from '../../core/within.ts';
import { createAnswers } from './answer.ts';
import { createConnection } from './connection.ts';
import { createDirectChannels } from './direct-channels.ts';
import { createGateway } from './gateway.ts';
import { createInteractions, type Interactions, TOKEN_LIFE } from './interactions.ts';
import { FRONTEND } from './place.ts';
import { createRecent } from './recent.ts';
import { keepRegistered } from './registration.ts';
import { createDiscordRest } from './rest.ts';
import { DEFAULT_TIMEOUTS, type DiscordTimeouts } from './timeouts.ts';
import type { TurnTools } from './turn.ts';

/** For what is aborted at stop() to say so. */
const LAST_WORDS = 1 * SECOND;
/** Forms that people have open at one time, in all servers. */
const OPEN_FORMS_MAX = 10_000;

export interface DiscordOptions {
  token: string;
  /** Scheme, host and port in place of https://discord.com. */
  apiUrl?: string;
  clock: Clock;
  random: Random;
  log: Logger;
  timeouts?: Partial<DiscordTimeouts>;
}

/**
 * Connects at start(). Errors of start(): TOKEN_REFUSED; a Discord that does not answer is no error, the connection is
 * then made in the background and status() tells how it stands.
 */
export function createDiscordFrontEnd({
  token,
  apiUrl,
  clock,
  random,
  log,
  ...given
}: DiscordOptions): FrontEnd {
  const timeouts: DiscordTimeouts = { ...DEFAULT_TIMEOUTS, ...given.timeouts };
  const rest = createDiscordRest({
    token,
    apiUrl,
    request: timeouts.request,
    acknowledge: timeouts.acknowledge,
  });
  const directs = createDirectChannels(rest, FRONTEND);
  const gateway = createGateway({ rest, directs, log });
  /** Takes no new work. */
  const stopping = new AbortController();
  /** Gives up what is in hand. */
  const ended = new AbortController();
  let interactions: Interactions | undefined;
  let commands: readonly CommandDefinition[] = [];
  let registering: Promise<void> | undefined;

  const connection = createConnection({
    token,
    apiUrl,
    clock,
    random,
    log,
    request: timeouts.request,
    ready: timeouts.ready,
    onInteraction: (interaction) => interactions?.receive(interaction),
    onReady: (applicationId) => {
      // Definitions do not change while the process runs; a later session needs no second look.
      registering ??= keepRegistered(applicationId, commands, { rest, clock, log, signal: stopping.signal });
    },
  });

  return {
    gateway,
    status: connection.status,

    async start(desk) {
      commands = desk.commands;
      const tools: TurnTools = {
        desk,
        rest,
        directs,
        answers: createAnswers({ rest, gateway, desk, clock, log }),
        files: { silence: timeouts.file },
        unfinished: createRecent(clock, TOKEN_LIFE, OPEN_FORMS_MAX),
        clock,
        timeouts,
        signal: ended.signal,
      };
      interactions = createInteractions(tools, clock, log);
      await connection.start();
    },

    async stop() {
      stopping.abort();
      // The connection first, so that nothing new comes in; answers need only the HTTP interface.
      await connection.stop();
      if (interactions) {
        await within(clock, timeouts.stop, interactions.idle(), undefined);
        ended.abort(new Error('The Discord front-end is stopping.'));
        await within(clock, LAST_WORDS, interactions.idle(), undefined);
      }
      if (registering) await within(clock, LAST_WORDS, registering, undefined);
      rest.close();
    },
  };
}
