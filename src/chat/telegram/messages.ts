/** What a message asks for: a command in a text or caption, the answer to a question, or nothing that it names. */
import type { Message, User } from 'grammy/types';
import { after, DAY } from '../../core/clock.ts';
import type { CommandDefinition } from '../../core/command.ts';
import { CarillonError } from '../../core/errors.ts';
import type { Reply } from '../../core/reply.ts';
import { type Addressee, answer } from './answers.ts';
import { fileOf, isService, originalElsewhere, originalOf, wordsOf } from './content.ts';
import { type Context, callerOf } from './context.ts';
import { type CommandWords, commandOf, conversationOf, isAnonymous } from './conversation.ts';
import { isNearlyFull } from './cut-texts.ts';
import { FRONTEND } from './limits.ts';
import {
  ALBUM_INCOMPLETE_NOTE,
  ALBUM_LATE_NOTE,
  ANONYMOUS_NOTE,
  ANSWER_IN_WORDS_NOTE,
  AS_CHANNEL_NOTE,
  answerTooLongNote,
  ELSEWHERE_NOTE,
  errorNote,
  NEARLY_FULL_NOTE,
  NO_OFFER_NOTE,
} from './notes.ts';
import { type FoundQuestion, findQuestion } from './questions.ts';
import {
  answerOption,
  type Fields,
  fieldsOf,
  findAlbum,
  mediaOf,
  offer,
  refusalOf,
  rememberAlbum,
  repliedWords,
  takeOver,
  takesMessages,
} from './take-over.ts';

/** How long a refusal is not told again to somebody who gives no command. */
const REFUSAL_TOLD_MS = 7 * DAY;

/** A message, or all messages of an album in their order. */
export type Messages = readonly [Message, ...Message[]];

export async function onMessage(context: Context, messages: Messages, late: boolean): Promise<void> {
  const { me } = context;
  const lead = messages.find((message) => commandOf(message, me) !== undefined) ?? messages[0];
  if (lead.migrate_to_chat_id !== undefined) return renamed(context, lead.chat.id, lead.migrate_to_chat_id);
  if (lead.migrate_from_chat_id !== undefined)
    return renamed(context, lead.migrate_from_chat_id, lead.chat.id);
  const user = lead.from;
  if (user === undefined) return;
  const conversation = conversationOf(lead);
  const to: Addressee = { conversation, user: user.id, replyTo: lead.message_id };

  const command = commandOf(lead, me);
  if (command !== undefined) {
    if (!(await isHeard(context, command, to))) return;
    if (isAnonymous(lead))
      return void (await answer(context, to, isOfChannel(lead) ? AS_CHANNEL_NOTE : ANONYMOUS_NOTE));
    if (late) return void (await answer(context, to, ALBUM_LATE_NOTE));
    return onCommand(context, command, lead, messages, user, to);
  }
  if (isAnonymous(lead)) return;
  if (late && conversation.kind === 'direct') return void (await answer(context, to, ALBUM_LATE_NOTE));
  const found = await findQuestion(context, lead, user);
  if (found !== undefined) return onAnswer(context, found, lead, user, { ...to, question: found });
  if (conversation.kind !== 'direct') {
    // Somebody may answer one of its pictures with a command.
    if (await context.desk.knows(conversation)) await rememberAlbum(context, conversation, messages);
    return;
  }
  if (isService(lead)) return;
  const definition = takesMessages(context);
  if (definition === undefined) return void (await answer(context, to, NO_OFFER_NOTE));
  const caller = callerOf(context, user, conversation, lead);
  const refused = await context.desk.refusal({ ...caller, command: definition.name });
  if (refused !== undefined) return tellOnce(context, to, refused);
  await offer(context, to, messages);
}

/** Who only talks to the bot hears why nothing comes of it, and then is left in peace for a while. */
async function tellOnce(context: Context, to: Addressee, refused: Reply): Promise<void> {
  const key = `${context.me.id}:refused:${to.conversation.id}`;
  const now = context.clock.now();
  if ((await context.inbox.recall(key, now)) !== undefined) return;
  await answer(context, to, refused);
  await context.inbox.remember(key, 'told', after(now, REFUSAL_TOLD_MS));
}

/** Groups that belong to nobody here are left in peace: they get an answer to what strangers may ask, and to nothing else. */
async function isHeard(context: Context, command: CommandWords, to: Addressee): Promise<boolean> {
  if (to.conversation.kind === 'direct') return true;
  const definition = context.desk.commands.find((one) => one.name === command.name);
  if (definition?.role === 'anyone') return true;
  // A command that we do not have is most likely another bot's, unless it names us.
  if (definition === undefined && !command.addressed) return false;
  return context.desk.knows(to.conversation);
}

async function onCommand(
  context: Context,
  command: CommandWords,
  lead: Message,
  messages: Messages,
  user: User,
  to: Addressee,
): Promise<void> {
  // An album has two parts at least: where only one arrives, Telegram keeps the others from us.
  const incomplete =
    to.conversation.kind === 'group' && lead.media_group_id !== undefined && messages.length === 1;
  if (incomplete) return void (await answer(context, to, ALBUM_INCOMPLETE_NOTE));
  if (to.conversation.kind === 'group' && isNearlyFull(lead))
    return void (await answer(context, to, NEARLY_FULL_NOTE));
  const typed = wordsOf(lead, command.end);
  const definition = context.desk.commands.find((one) => one.name === command.name);
  const original = originalOf(lead) ?? originalElsewhere(lead);
  if (definition?.fromMessage && original !== undefined && original.from?.id !== context.me.id)
    return onReplyCommand(context, definition, original, typed, lead, messages, user, to);
  const reply =
    (await refusalOf(context, messages)) ??
    (await context.desk.run({
      ...callerOf(context, user, to.conversation, lead),
      command: command.name,
      input: { kind: 'text', text: typed },
      media: mediaOf(context, messages),
    }));
  await answer(context, to, reply);
}

/** A command in answer to a message, whose words and files it takes. */
async function onReplyCommand(
  context: Context,
  definition: CommandDefinition,
  original: Message,
  typed: string,
  lead: Message,
  messages: Messages,
  user: User,
  to: Addressee,
): Promise<void> {
  const album =
    original.media_group_id === undefined
      ? [original]
      : await findAlbum(context, to.conversation, original.media_group_id);
  if (album === undefined) return void (await answer(context, to, ALBUM_INCOMPLETE_NOTE));
  const words = repliedWords(lead, album);
  const own = hasFile(lead) ? messages : [];
  if (lead.external_reply !== undefined && words === '' && fileOf(original) === undefined && own.length === 0)
    return void (await answer(context, to, ELSEWHERE_NOTE));
  let fields: Fields;
  try {
    fields = fieldsOf(definition, typed, words);
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    return void (await answer(context, to, errorNote(error)));
  }
  await takeOver(context, definition, user, to, [...album, ...own], fields);
}

async function onAnswer(
  context: Context,
  found: FoundQuestion,
  message: Message,
  user: User,
  to: Addressee,
): Promise<void> {
  const { question } = found;
  const words = wordsOf(message);
  if (words === '') {
    await answer(context, to, ANSWER_IN_WORDS_NOTE);
    return;
  }
  if (question.kind === 'option') return answerOption(context, found, question, user, to, words);
  if (words.length > question.max) {
    await answer(context, to, answerTooLongNote(words.length, question.max));
    return;
  }
  const caller = callerOf(context, user, to.conversation, message);
  const reply = await context.desk.press({ ...caller, action: question.action, answer: words });
  await answer(context, to, reply);
  // Refused, the person may answer the same question again.
  if (reply.tone !== 'error') await found.close();
  if (reply.card !== undefined) await retire(context, to, question.card);
}

/** The answer is the card now; the one above keeps its words, but its buttons would speak of how things were. */
async function retire(context: Context, to: Addressee, messageId: string): Promise<void> {
  try {
    await context.messenger.removeButtons({ conversation: to.conversation, messageId });
  } catch (error) {
    context.log.debug({ error, messageId }, 'the buttons of an older card could not be removed');
  }
}

async function renamed(context: Context, oldId: number, newId: number): Promise<void> {
  await context.desk.conversationRenamed(FRONTEND, String(oldId), String(newId));
}

const hasFile = (message: Message): boolean =>
  message.photo !== undefined || message.video !== undefined || message.document !== undefined;

const isOfChannel = ({ sender_chat }: Message): boolean => sender_chat?.type === 'channel';
