/**
 * The words of a Discord message as a social post could say them. Discord writes mentions, its own emoji and addresses
 * without a preview in a markup of its own (https://docs.discord.com/developers/reference#message-formatting), which on a
 * network would stand there as it is.
 */
import {
  type APIAttachment,
  type APIEmbed,
  type APIMessage,
  type APIMessageTopLevelComponent,
  ComponentType,
} from 'discord.js';

/** The part of a message that a forwarded one has as well. */
type Said = Pick<APIMessage, 'content' | 'attachments' | 'embeds' | 'components' | 'mentions'>;

/** `mentioned`: the people whom Discord names with the message; others stay as they are written. */
export function plainWords(text: string, mentioned: APIMessage['mentions'] = []): string {
  return text
    .replace(/<a?(:\w{2,32}:)\d{17,20}>/g, '$1')
    .replace(/<(https?:\/\/[^\s<>]+)>/g, '$1')
    .replace(/<@!?(\d{17,20})>/g, (written, id) => {
      const person = mentioned.find((each) => each.id === id);
      return person === undefined ? written : `@${person.global_name ?? person.username}`;
    });
}

/** What a message says; where it only passes on another one, what that one says. */
export function saidIn(message: APIMessage): {
  readonly words: string;
  readonly files: readonly APIAttachment[];
} {
  const own: Said = message;
  const passedOn = message.message_snapshots?.[0]?.message;
  const said = own.content === '' && own.attachments.length === 0 && passedOn ? (passedOn as Said) : own;
  const content =
    said.content || wordsOfComponents(said.components ?? []) || wordsOfEmbeds(said.embeds ?? []);
  return { words: plainWords(content, said.mentions), files: said.attachments ?? [] };
}

/** Other bots say what they have to say in cards. */
const wordsOfEmbeds = (embeds: readonly APIEmbed[]): string =>
  embeds
    .map(({ title, description, url }) => [title, description, url].filter(Boolean).join('\n'))
    .filter((words) => words !== '')
    .join('\n\n');

const wordsOfComponents = (components: readonly APIMessageTopLevelComponent[]): string =>
  components
    .flatMap((each) => (each.type === ComponentType.Container ? each.components : [each]))
    .flatMap((each) => (each.type === ComponentType.TextDisplay ? [each.content] : []))
    .join('\n');
