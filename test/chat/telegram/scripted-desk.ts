/** A small desk with the manners of the real one: it answers every request by script and remembers what it was asked. */
import type { ChatDesk, CommandRequest, PressRequest } from '../../../src/core/chat.ts';
import { type CommandDefinition, defineCommand, defineOpenCommand } from '../../../src/core/command.ts';
import { type Reply, text } from '../../../src/core/reply.ts';
import type { Conversation, MessageReference } from '../../../src/core/words.ts';

const never = (): Promise<never> => Promise.reject(new Error('the scripted desk runs nothing'));

export const COMMANDS: readonly CommandDefinition[] = [
  defineOpenCommand({
    name: 'help',
    summary: 'What there is',
    role: 'anyone',
    options: {},
    examples: [],
    run: never,
  }),
  defineOpenCommand({
    name: 'start',
    summary: 'Begin here',
    role: 'anyone',
    options: {},
    examples: [],
    run: never,
  }),
  defineCommand({
    name: 'post',
    summary: 'Publish now',
    role: 'editor',
    options: {
      to: { kind: 'targets', summary: 'Where to' },
      text: { kind: 'text', summary: 'The words', rest: true },
    },
    examples: [],
    run: never,
  }),
  defineCommand({
    name: 'schedule',
    summary: 'Publish at a moment',
    role: 'editor',
    options: {
      to: { kind: 'targets', summary: 'Where to' },
      when: { kind: 'moment', summary: 'When it goes out, such as “tomorrow 9:00”', required: true },
      text: { kind: 'text', summary: 'The words', rest: true },
      media: { kind: 'media', summary: 'Pictures or a video' },
    },
    examples: [],
    fromMessage: true,
    run: never,
  }),
];

export interface ScriptedDesk extends ChatDesk {
  readonly runs: CommandRequest[];
  readonly presses: PressRequest[];
  readonly cards: { post: string; message: MessageReference }[];
  readonly renames: { oldId: string; newId: string }[];
  /** Groups that belong to a workspace. */
  readonly known: Set<number>;
  /** What a command answers; the default is its name and words. */
  onRun: (request: CommandRequest) => Promise<Reply> | Reply;
  onPress: (request: PressRequest) => Promise<Reply> | Reply;
  /** Why the people of this chat may not use it. */
  refused: Reply | undefined;
  /** What actions ask for first. */
  readonly questions: Map<
    string,
    { title: string; label: string; value: string; max: number; multiline: boolean }
  >;
}

export const info = (title: string): Reply => ({ tone: 'info', title: [title], blocks: [] });

export const failureReply = (title: string): Reply => ({
  tone: 'error',
  title: [title],
  blocks: [text('Do it differently.')],
});

/** The words of a request as one text, whatever its form. */
export function inputOf({ input }: CommandRequest): string {
  return input.kind === 'text' ? input.text : JSON.stringify(input.fields);
}

export function createScriptedDesk(): ScriptedDesk {
  const desk: ScriptedDesk = {
    commands: COMMANDS,
    runs: [],
    presses: [],
    cards: [],
    renames: [],
    known: new Set(),
    questions: new Map(),
    refused: undefined,
    onRun: (request) => info(`${request.command}: ${inputOf(request)}`),
    onPress: (request) =>
      info(`pressed ${request.action}${request.answer === undefined ? '' : ` with ${request.answer}`}`),
    async run(request) {
      desk.runs.push(request);
      return desk.onRun(request);
    },
    async press(request) {
      desk.presses.push(request);
      return desk.onPress(request);
    },
    asks: async (request) => desk.questions.get(request.action),
    refusal: async () => desk.refused,
    complete: async () => [],
    async cardPlaced(post, message) {
      desk.cards.push({ post, message });
    },
    async conversationRenamed(_frontend, oldId, newId) {
      desk.renames.push({ oldId, newId });
      if (desk.known.delete(Number(oldId))) desk.known.add(Number(newId));
    },
    knows: async (conversation: Conversation) => desk.known.has(Number(conversation.id)),
  };
  return desk;
}
