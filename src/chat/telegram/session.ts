/** The work of a connected bot: each update, in the order of its chat, to the handler of its kind; faults end here. */
import { sequentialize } from '@grammyjs/runner';
import { BotError } from 'grammy';
import type { Message, Update } from 'grammy/types';
import { asCarillonError } from '../../core/errors.ts';
import type { Gathered } from './albums.ts';
import { type Addressee, answer } from './answers.ts';
import type { Connection } from './connection.ts';
import type { Context } from './context.ts';
import { chatIdOf, conversationOf } from './conversation.ts';
import { joinPieces } from './cut-texts.ts';
import { createIntake, type Intake } from './intake.ts';
import { onMessage } from './messages.ts';
import { errorNote, GIVEN_UP_NOTE } from './notes.ts';
import { onPress } from './presses.ts';

interface Turn extends Gathered {
  begin(): Promise<boolean>;
}

/** Errors that say that nobody can be told anything there; trying to tell would only fail again. */
const UNTELLABLE: readonly string[] = ['CHAT_UNREACHABLE', 'CHAT_UNAVAILABLE', 'TOKEN_REFUSED'];

/** The intake of a bot that is connected (`bot.botInfo` is set). */
export function createSession(connection: Connection, context: Context, albumWaitMs: number): Intake {
  const { bot } = connection;
  const { clock, log, inbox, me } = context;
  const turns = new WeakMap<Update, Turn>();

  // What people of one chat do is done in the order in which they did it; chats do not wait for each other.
  bot.use(sequentialize(({ update }) => chatIdOf(update)?.toString()));
  bot.use(async ({ update }, next) => {
    const turn = turns.get(update);
    // Of another session of the same bot: the first attempt to begin may have failed half-way.
    if (turn === undefined) return next();
    // What waited for its turn until the end of the stop stays in the inbox for the next start.
    if (context.signal.aborted) return;
    if (!(await turn.begin())) return;
    try {
      await dispatch(context, turn);
    } catch (error) {
      await failed(context, update, error);
    }
  });

  return createIntake({
    inbox,
    me,
    clock,
    log,
    albumWaitMs,
    async process(gathered, begin) {
      const [lead] = gathered.updates;
      turns.set(lead, { ...gathered, begin });
      try {
        await bot.handleUpdate(lead);
      } catch (error) {
        // A BotError carries the whole bot with its token; it must not reach a log.
        throw error instanceof BotError ? error.error : error;
      }
    },
    reported: () => Promise.all(context.reports),
    async givenUp(update) {
      const to = addresseeOf(update);
      // Of an album, the part with the words speaks for all.
      const follows = update.message?.media_group_id !== undefined && update.message.caption === undefined;
      if (to !== undefined && !follows) await answer(context, to, GIVEN_UP_NOTE);
    },
  });
}

async function dispatch(context: Context, { updates, late }: Gathered): Promise<void> {
  const [{ callback_query: query }] = updates;
  if (query !== undefined) return onPress(context, query);
  const [first, ...rest] = updates
    .map(({ message }) => message)
    .filter((message): message is Message & Update.NonChannel => message !== undefined);
  if (first !== undefined) await onMessage(context, joinPieces([first, ...rest]), late);
}

/** Tells what went wrong, where that is possible. Rejects when the front-end is ending: then nothing is over yet. */
async function failed(context: Context, update: Update, raw: unknown): Promise<void> {
  if (context.signal.aborted) throw raw;
  const error = asCarillonError(raw);
  const facts = { error: raw, update: update.update_id };
  const to = addresseeOf(update);
  if (to === undefined || UNTELLABLE.includes(error.code)) {
    context.log.warn(facts, 'an update could not be answered');
    return;
  }
  context.log.error(facts, 'an update failed');
  try {
    await answer(context, to, errorNote(error));
  } catch (second) {
    context.log.error({ error: second, update: update.update_id }, 'nor could the error be told');
  }
}

function addresseeOf(update: Update): Addressee | undefined {
  const message = update.message ?? update.callback_query?.message;
  const user = update.message?.from ?? update.callback_query?.from;
  if (message === undefined || user === undefined) return undefined;
  return { conversation: conversationOf(message), user: user.id, replyTo: message.message_id };
}
