/** A desk that does what the test says, with commands of every kind of option; it records what it was asked. */
import type { ChatDesk, CommandRequest, CompletionRequest, PressRequest } from '../../../src/core/chat.ts';
import { type Ask, type Choice, type CommandDefinition, defineCommand } from '../../../src/core/command.ts';
import type { Reply } from '../../../src/core/reply.ts';
import type { Conversation, MessageReference } from '../../../src/core/words.ts';

const unused = async (): Promise<Reply> => {
  throw new Error('The scripted desk answers itself.');
};

const ask: Ask = { title: 'Edit the words', label: 'Words', multiline: true, max: 3000 };

const COMMANDS: readonly CommandDefinition[] = [
  defineCommand({
    name: 'schedule',
    summary: 'Publish at a moment.',
    role: 'editor',
    fromMessage: true,
    options: {
      text: { kind: 'text', summary: 'What to say.', multiline: true, max: 10_000 },
      when: { kind: 'moment', summary: 'When.', required: true },
      to: { kind: 'targets', summary: 'Where to.' },
      media: { kind: 'media', summary: 'Picture or video.' },
      alt: { kind: 'text', summary: 'What the picture shows.', max: 1000 },
      priority: {
        kind: 'choice',
        summary: 'How urgent.',
        choices: [
          { value: 'low', label: 'Low' },
          { value: 'high', label: 'High' },
        ],
      },
    },
    examples: [],
    actions: {
      edit: { role: 'editor', ask, run: unused },
      cancel: { role: 'editor', run: unused },
    },
    run: unused,
  }),
  defineCommand({
    name: 'queue',
    summary: 'What is waiting.',
    role: 'viewer',
    options: {
      page: { kind: 'integer', summary: 'Page.', min: 1, max: 99 },
      all: { kind: 'switch', summary: 'Finished ones too.' },
      post: { kind: 'post', summary: 'One post.' },
    },
    examples: [],
    run: unused,
  }),
];

export interface Placed {
  readonly postId: string;
  readonly message: MessageReference;
}

export class ScriptedDesk implements ChatDesk {
  readonly commands = COMMANDS;
  readonly ran: CommandRequest[] = [];
  readonly pressed: PressRequest[] = [];
  readonly completed: CompletionRequest[] = [];
  readonly placed: Placed[] = [];
  onRun: (request: CommandRequest) => Promise<Reply> | Reply = () => say('Done.');
  onPress: (request: PressRequest) => Promise<Reply> | Reply = () => say('Pressed.');
  onAsks: (request: PressRequest) => Promise<(Ask & { value: string }) | undefined> = async () => ({
    ...ask,
    value: 'The old words',
  });
  onComplete: (request: CompletionRequest) => Promise<readonly Choice[]> = async () => [];
  onKnows: (conversation: Conversation) => Promise<boolean> = async () => true;

  async run(request: CommandRequest): Promise<Reply> {
    this.ran.push(request);
    return this.onRun(request);
  }
  async press(request: PressRequest): Promise<Reply> {
    this.pressed.push(request);
    return this.onPress(request);
  }
  asks(request: PressRequest): Promise<(Ask & { readonly value: string }) | undefined> {
    return this.onAsks(request);
  }
  async refusal(): Promise<undefined> {}
  async complete(request: CompletionRequest): Promise<readonly Choice[]> {
    this.completed.push(request);
    return this.onComplete(request);
  }
  async cardPlaced(postId: string, message: MessageReference): Promise<void> {
    this.placed.push({ postId, message });
  }
  async conversationRenamed(): Promise<void> {
    throw new Error('Discord never gives a conversation a new id.');
  }
  knows(conversation: Conversation): Promise<boolean> {
    return this.onKnows(conversation);
  }
}

export function say(words: string, more: Partial<Reply> = {}): Reply {
  return { tone: 'success', blocks: [{ kind: 'text', line: [words] }], ...more };
}

/** A card with buttons, as a scheduled post has it. */
export function card(words = 'Scheduled.', more: Partial<Reply> = {}): Reply {
  return say(words, {
    title: ['Post ', { kind: 'code', text: '#K7QPD' }],
    card: 'K7QPD',
    buttons: [
      [
        { label: 'Edit', style: 'primary', action: 'schedule.edit:K7QPD' },
        { label: 'Cancel', style: 'danger', action: 'schedule.cancel:K7QPD' },
      ],
    ],
    ...more,
  });
}

export function failure(words: string): Reply {
  return { tone: 'error', personal: true, blocks: [{ kind: 'text', line: [words] }] };
}
