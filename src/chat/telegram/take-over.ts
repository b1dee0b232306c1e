/**
 * A message becomes a post: by the command in reply to it, or by the button under what was sent without any command.
 * The words stand for the option `text`, the files for `media`; what the command needs besides is asked for.
 */
import type { Message, User } from 'grammy/types';
import { after, DAY } from '../../core/clock.ts';
import type { CommandDefinition } from '../../core/command.ts';
import { parseCommandText } from '../../core/command-text.ts';
import { restOption } from '../../core/command-text-scan.ts';
import type { Reply } from '../../core/reply.ts';
import type { Conversation } from '../../core/words.ts';
import { type Addressee, answer } from './answers.ts';
import { fileOf, plainWords, unpostable, wordsOf } from './content.ts';
import { type Context, callerOf } from './context.ts';
import { offerNote, tooLargeNote, unpostableNote } from './notes.ts';
import { askQuestion, type FoundQuestion, type OptionQuestion } from './questions.ts';

/** Options of a command that a message fills (see CommandDefinition.fromMessage). */
const WORDS_OPTION = 'text';
const MEDIA_OPTION = 'media';

const OFFER_PREFIX = 'offer:';
const OFFER_LIFE_MS = 7 * DAY;

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export const takesMessages = (context: Context): CommandDefinition | undefined =>
  context.desk.commands.find((definition) => definition.fromMessage === true);

/** The words of what was sent, captions of an album one after another. */
function wordsOfAll(messages: readonly Message[]): string {
  return messages
    .map((message) => wordsOf(message))
    .filter((words) => words !== '')
    .join('\n\n');
}

/** The words of the message that is replied to: the part that the person marked, or all of it. */
export function repliedWords(reply: Message, originals: readonly Message[]): string {
  const { quote } = reply;
  return quote?.is_manual ? plainWords(quote.text, quote.entities ?? []) : wordsOfAll(originals);
}

/** Asks for the first option that is still missing, or runs the command. Answers the reply of the command, when it ran. */
export async function takeOver(
  context: Context,
  definition: CommandDefinition,
  user: User,
  to: Addressee,
  messages: readonly Message[],
  fields: Fields,
): Promise<Reply | undefined> {
  const missing = missingOptions(definition, fields)[0];
  if (missing !== undefined) {
    const { summary } = definition.options[missing] ?? { summary: missing };
    await askQuestion(
      context,
      user,
      to,
      { title: `/${definition.name}: ${missing}`, label: summary },
      { kind: 'option', command: definition.name, option: missing, fields, messages },
    );
    return undefined;
  }
  const refusal = await refusalOf(context, messages);
  const reply =
    refusal ??
    (await context.desk.run({
      ...callerOf(
        context,
        user,
        to.conversation,
        to.replyTo === undefined ? undefined : { message_id: to.replyTo },
      ),
      command: definition.name,
      input: { kind: 'fields', fields },
      media: mediaOf(context, messages),
    }));
  await answer(context, to, reply);
  return reply;
}

/** Needed options that neither the person nor the message has given. */
function missingOptions(definition: CommandDefinition, fields: Fields): string[] {
  return Object.entries(definition.options)
    .filter(
      ([name, spec]) =>
        spec.required === true && name !== WORDS_OPTION && name !== MEDIA_OPTION && !fields[name],
    )
    .map(([name]) => name);
}

/**
 * The fields of a command that was typed in reply to a message. Free text is the first needed option that is missing
 * (`/schedule tomorrow 9:00`); when none is, it stands before the words of the message. Errors: those of the text form.
 */
export function fieldsOf(definition: CommandDefinition, typed: string, words: string): Fields {
  const { options } = definition;
  const wordsOption = WORDS_OPTION in options ? WORDS_OPTION : restOption(options);
  const fields: Record<string, string | readonly string[]> = { ...parseCommandText(definition, typed) };
  if (wordsOption === undefined) return fields;
  const own = String(fields[wordsOption] ?? '').trim();
  const missing = missingOptions(definition, fields)[0];
  const isMissing = own !== '' && missing !== undefined;
  if (isMissing) fields[missing] = own;
  const all = [isMissing ? '' : own, words].filter((part) => part !== '').join('\n\n');
  if (all === '') delete fields[wordsOption];
  else fields[wordsOption] = all;
  return fields;
}

/** What a message alone gives to the command. */
export const fieldsOfMessages = (definition: CommandDefinition, messages: readonly Message[]): Fields =>
  fieldsOf(definition, '', wordsOfAll(messages));

/** Answers a needed option and goes on; the question stays open when the command refuses the answer. */
export async function answerOption(
  context: Context,
  found: FoundQuestion,
  question: OptionQuestion,
  user: User,
  to: Addressee,
  words: string,
): Promise<void> {
  const { command, option, fields, messages } = question;
  const definition = context.desk.commands.find((one) => one.name === command);
  if (definition === undefined) return;
  const reply = await takeOver(context, definition, user, to, messages, { ...fields, [option]: words });
  // Asked for more (no reply yet) or done: either way this answer was taken.
  if (reply?.tone !== 'error') await found.close();
}

/** What stands in the way of taking these files over, told before anything else is done. */
export async function refusalOf(context: Context, messages: readonly Message[]): Promise<Reply | undefined> {
  for (const message of messages) {
    const what = fileOf(message) === undefined ? unpostable(message) : undefined;
    if (what !== undefined) return unpostableNote(what);
  }
  const refused = await context.files.refused(filesOf(messages));
  return refused && tooLargeNote(refused.name, refused.bytes);
}

export function mediaOf(
  context: Context,
  messages: readonly Message[],
): ReturnType<Context['files']['media']>[] {
  return filesOf(messages).map((file) => context.files.media(file));
}

const filesOf = (messages: readonly Message[]) => messages.map(fileOf).filter((file) => file !== undefined);

/** Offers to take over what was sent without a command. */
export async function offer(context: Context, to: Addressee, messages: readonly Message[]): Promise<void> {
  const refusal = await refusalOf(context, messages);
  if (refusal !== undefined) {
    await answer(context, to, refusal);
    return;
  }
  const id = offerId(messages);
  const expiresAt = after(context.clock.now(), OFFER_LIFE_MS);
  await context.inbox.remember(offerKey(context, to.conversation, id), JSON.stringify(messages), expiresAt);
  await rememberAlbum(context, to.conversation, messages);
  await answer(context, to, offerNote(filesOf(messages).length, `${OFFER_PREFIX}${id}`));
}

/** Keeps an album for commands in answer to one of its pictures; nothing for what is no album, or of which only one part came. */
export async function rememberAlbum(
  context: Context,
  at: Conversation,
  messages: readonly Message[],
): Promise<void> {
  const album = messages[0]?.media_group_id;
  if (album === undefined || messages.length < 2) return;
  const expiresAt = after(context.clock.now(), OFFER_LIFE_MS);
  await context.inbox.remember(albumKey(context, at, album), JSON.stringify(messages), expiresAt);
}

/** The id of the offer that a button belongs to; undefined for a button of core. */
export function offerOf(action: string): string | undefined {
  return action.startsWith(OFFER_PREFIX) ? action.slice(OFFER_PREFIX.length) : undefined;
}

/** What was offered under this id, as long as nobody took it. */
export async function findOffer(
  context: Context,
  at: Conversation,
  id: string,
): Promise<readonly Message[] | undefined> {
  const found = await context.inbox.recall(offerKey(context, at, id), context.clock.now());
  return found === undefined ? undefined : (JSON.parse(found) as readonly Message[]);
}

/** The offer is taken. Called after the work, so that a press whose work was cut short finds it again. */
export async function closeOffer(context: Context, at: Conversation, id: string): Promise<void> {
  await context.inbox.take(offerKey(context, at, id), context.clock.now());
}

/** All parts of an album that was shown here before; a reply to it carries only one of them. */
export async function findAlbum(
  context: Context,
  at: Conversation,
  album: string,
): Promise<readonly Message[] | undefined> {
  const found = await context.inbox.recall(albumKey(context, at, album), context.clock.now());
  return found === undefined ? undefined : (JSON.parse(found) as readonly Message[]);
}

const offerId = ([first]: readonly Message[]): string =>
  first?.media_group_id ?? String(first?.message_id ?? 0);

const offerKey = (context: Context, conversation: Conversation, id: string): string =>
  `${context.me.id}:offer:${conversation.id}:${id}`;

const albumKey = (context: Context, conversation: Conversation, album: string): string =>
  `${context.me.id}:album:${conversation.id}:${album}`;
