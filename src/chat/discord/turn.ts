/** One interaction from its arrival to its answer: the steps that commands, buttons and forms have in common. */
import {
  type APIInteraction,
  type APIInteractionResponse,
  InteractionResponseType,
  MessageFlags,
} from 'discord.js';
import type { Caller, ChatDesk } from '../../core/chat.ts';
import { type Clock, SECOND } from '../../core/clock.ts';
import { asCarillonError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import type { Reply } from '../../core/reply.ts';
import { type Acknowledged, acknowledge } from './acknowledge.ts';
import type { Answering, Answers } from './answer.ts';
import type { AttachmentSource } from './attachments.ts';
import type { DirectChannels } from './direct-channels.ts';
import { errorReply } from './error-reply.ts';
import { chatError, facts } from './errors.ts';
import type { Input } from './input.ts';
import { channelConversation, identityOf, isDirect, type Place, personOf, placeOf } from './place.ts';
import type { Recent } from './recent.ts';
import { render } from './render.ts';
import type { DiscordRest } from './rest.ts';
import type { DiscordTimeouts } from './timeouts.ts';

/** Lines of progress in between are left out: Discord allows five edits in five seconds. */
const PROGRESS_EVERY = 2 * SECOND;

const UNSHOWN = errorReply(
  'The answer could not be shown.',
  'What you asked for may have been done: look with the commands before you ask again.',
);

/** What a form still lacks is kept here until the form comes back. */
interface Unfinished {
  readonly command: string;
  readonly input: Input;
}

export interface TurnTools {
  readonly desk: ChatDesk;
  readonly rest: DiscordRest;
  readonly directs: DirectChannels;
  readonly answers: Answers;
  readonly files: AttachmentSource;
  readonly unfinished: Recent<Unfinished>;
  readonly clock: Clock;
  readonly timeouts: DiscordTimeouts;
  /** Aborted when the front-end has waited long enough for what is in hand. */
  readonly signal: AbortSignal;
}

export interface Turn<Interaction extends APIInteraction = APIInteraction> {
  readonly interaction: Interaction;
  readonly receivedAt: Date;
  readonly log: Logger;
}

/** The first answer; undefined, and logged, when nobody would see what comes after it. */
export async function firstAnswer(
  tools: TurnTools,
  turn: Turn,
  response: APIInteractionResponse,
): Promise<Extract<Acknowledged, { state: 'taken' }> | undefined> {
  const { rest, clock } = tools;
  const acknowledged = await acknowledge(turn.interaction, response, {
    rest,
    clock,
    receivedAt: turn.receivedAt,
  });
  if (acknowledged.state === 'taken') return acknowledged;
  const words =
    acknowledged.state === 'late'
      ? 'A Discord interaction came or was answered too late; nothing was done'
      : 'A Discord interaction was answered by another process with the same token; nothing was done here';
  turn.log.warn({ waitedMs: clock.now().getTime() - turn.receivedAt.getTime() }, words);
  return undefined;
}

/** Puts up a placeholder that the answer will fill. */
export function placeholder(tools: TurnTools, turn: Turn, ephemeral: boolean) {
  return firstAnswer(tools, turn, {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    ...(ephemeral ? { data: { flags: MessageFlags.Ephemeral } } : {}),
  });
}

/** Answers at once with a message that only this person sees. */
export function answerAtOnce(tools: TurnTools, turn: Turn, reply: Reply) {
  const body = render(reply);
  return firstAnswer(tools, turn, {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: { ...body, flags: body.flags | MessageFlags.Ephemeral },
  });
}

/** Asks the desk through `ask` and delivers what it says; never rejects. */
export async function answerWith(
  tools: TurnTools,
  turn: Turn,
  shown: Pick<Answering, 'mode' | 'ephemeral' | 'messageId'>,
  ask: (caller: Caller) => Promise<Reply>,
): Promise<void> {
  const { interaction, log } = turn;
  const found = await findPlace(tools, interaction);
  const answering: Answering = { interaction, place: found.place, signal: tools.signal, ...shown };
  const progress = progressOf(tools, answering);
  const reply =
    found.problem ??
    (await ask(callerOf(tools, answering, progress.tell)).catch((error: unknown) => unforeseen(log, error)));
  await progress.done();
  try {
    await tools.answers.deliver(answering, reply);
  } catch (error) {
    log.error(
      { ...facts(error), tone: reply.tone, post: reply.card },
      'A Discord answer could not be delivered',
    );
    await tools.answers.deliver(answering, UNSHOWN).catch((again: unknown) => {
      log.error(facts(again), 'Nor could it be said that there is none');
    });
  }
}

/** The caller of a request that has no placeholder yet. */
export async function callerBefore(
  tools: TurnTools,
  { interaction }: Turn,
  messageId: string | undefined,
): Promise<Caller> {
  const place = await placeOf(interaction, tools.directs);
  return callerOf(
    tools,
    { interaction, place, ...(messageId === undefined ? {} : { messageId }) },
    undefined,
  );
}

function unforeseen(log: Logger, thrown: unknown): Reply {
  const error = asCarillonError(thrown);
  log.error({ err: thrown, code: error.code }, 'The desk failed');
  return errorReply(error.message, error.hint);
}

async function findPlace(
  tools: TurnTools,
  interaction: APIInteraction,
): Promise<{ place: Place; problem?: Reply }> {
  try {
    return { place: await placeOf(interaction, tools.directs) };
  } catch (thrown) {
    const direct = isDirect(interaction);
    const error = chatError(thrown, 'of your direct messages');
    return {
      place: { conversation: channelConversation(interaction, direct), direct, mayPost: false },
      problem: errorReply(
        'I can write neither in this channel nor to you, so nothing was done.',
        error.message,
        error.hint,
      ),
    };
  }
}

function callerOf(
  tools: TurnTools,
  { interaction, place, messageId }: Pick<Answering, 'interaction' | 'place' | 'messageId'>,
  progress: ((words: string) => void) | undefined,
): Caller {
  const person = personOf(interaction);
  return {
    identity: identityOf(person.id),
    name: person.name,
    conversation: place.conversation,
    // A message in another channel than the conversation cannot be answered there.
    ...(messageId !== undefined && place.mayPost ? { messageId } : {}),
    signal: tools.signal,
    ...(progress ? { progress } : {}),
  };
}

/** `done` waits for the last line, which must not overtake the answer. */
function progressOf(
  tools: TurnTools,
  answering: Answering,
): { tell: (words: string) => void; done: () => Promise<void> } {
  let told = Number.NEGATIVE_INFINITY;
  let running: Promise<void> = Promise.resolve();
  return {
    tell(words) {
      const now = tools.clock.now().getTime();
      if (now - told < PROGRESS_EVERY) return;
      told = now;
      running = running.then(() => tools.answers.progress(answering, words));
    },
    done: () => running,
  };
}
