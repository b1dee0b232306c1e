/** A small desk that answers as the real one does, so that the terminal chat can be tried alone. */
import { randomBytes } from 'node:crypto';
import type {
  ChatDesk,
  ChatGateway,
  CommandRequest,
  CompletionRequest,
  PressRequest,
} from '../../../src/core/chat.ts';
import { type CommandDefinition, defineCommand, type OptionSpecs } from '../../../src/core/command.ts';
import { parseCommandText } from '../../../src/core/command-text.ts';
import { asCarillonError } from '../../../src/core/errors.ts';
import type { Logger } from '../../../src/core/log.ts';
import { code, type Reply, strong, text } from '../../../src/core/reply.ts';
import type { MessageReference } from '../../../src/core/words.ts';

export const quietLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quietLog,
};

const define = (
  name: string,
  summary: string,
  options: OptionSpecs,
  examples: string[] = [],
): CommandDefinition =>
  defineCommand({
    name,
    summary,
    role: 'editor',
    options,
    examples,
    run: () => Promise.reject(new Error('the desk answers')),
  });

const to = { kind: 'targets', summary: 'Networks or accounts' } as const;
const words = { kind: 'text', summary: 'The words', rest: true, multiline: true } as const;
const when = { kind: 'moment', summary: 'When it goes out' } as const;
const post = { kind: 'post', summary: 'Which post', required: true } as const;
const media = { kind: 'media', summary: 'Pictures or a video' } as const;
const priority = {
  kind: 'choice',
  summary: 'What goes first',
  choices: [
    { value: 'low', label: 'Low' },
    { value: 'normal', label: 'Normal' },
    { value: 'high', label: 'High' },
  ],
} as const;

export const COMMANDS: readonly CommandDefinition[] = [
  define('cancel', 'Take a post back before it goes out', { post }),
  define('edit', 'Change a post', { post, to, text: words }, ['/edit post:#K7QPD New words']),
  define('move', 'Give a post another time', { post, when: { ...when, required: true } }),
  define(
    'post',
    'Publish now',
    { to, text: words, media, alt: { kind: 'text', summary: 'Describes a picture' } },
    ['/post to:x Hello world'],
  ),
  define('queue', 'What is scheduled', {}, ['/queue']),
  define(
    'schedule',
    'Publish at a moment',
    { to, when: { ...when, required: true }, text: words, media, priority },
    ['/schedule to:x,tumblr when:"tomorrow 9:00" Hello world'],
  ),
  define('slow', 'Takes until it is let go', {}),
  { ...define('later', 'Answers when it likes', {}), alongside: true },
];

export const card = (
  id: string,
  words: string,
  states: readonly [string, 'waiting' | 'working' | 'ok' | 'failed', string][],
): Reply => ({
  tone: 'info',
  title: ['Post ', code(`#${id}`)],
  blocks: [
    { kind: 'quote', text: words },
    {
      kind: 'rows',
      rows: states.map(([label, mark, detail]) => ({ mark, label: [label], detail: [detail] })),
    },
  ],
  card: id,
});

const plain = (words: string, tone: Reply['tone'] = 'info'): Reply => ({ tone, blocks: [text(words)] });

export interface ScriptedDesk extends ChatDesk {
  readonly runs: CommandRequest[];
  readonly presses: PressRequest[];
  readonly completions: CompletionRequest[];
  readonly placed: { postId: string; message: MessageReference }[];
  /** The running /slow. */
  release(): void;
  /** Replies by command, in place of those below. */
  answers: Record<string, (request: CommandRequest) => Reply | Promise<Reply>>;
  pressAnswers: Record<string, (request: PressRequest) => Reply | Promise<Reply>>;
}

export function createScriptedDesk(): ScriptedDesk {
  let release: () => void = () => undefined;
  const text_ = (request: CommandRequest): string =>
    request.input.kind === 'text' ? request.input.text : '';
  const desk: ScriptedDesk = {
    commands: COMMANDS,
    runs: [],
    presses: [],
    completions: [],
    placed: [],
    release: () => release(),
    answers: {
      post(request) {
        const raw = parseCommandText(COMMANDS[3]!, text_(request));
        return card('K7QPD', String(raw.text ?? ''), [
          ['x @acme', 'waiting', 'now'],
          ['tumblr acme-blog', 'waiting', 'now'],
        ]);
      },
      schedule(request) {
        const raw = parseCommandText(COMMANDS[5]!, text_(request));
        return {
          tone: 'warning',
          title: ['The same words are queued for x already'],
          blocks: [
            { kind: 'quote', text: String(raw.text ?? '') },
            text('They go out ', { kind: 'time', at: new Date(0), text: String(raw.when) }),
          ],
          buttons: [
            [
              { label: 'Post anyway', style: 'primary', action: 'schedule.anyway:1' },
              { label: 'Cancel', style: 'danger', action: 'schedule.drop:1' },
            ],
          ],
        };
      },
      edit: () => ({
        tone: 'info',
        blocks: [text('What is to change?')],
        buttons: [[{ label: 'Words', style: 'default', action: 'edit.words:K7QPD' }]],
      }),
      queue: () => ({
        tone: 'info',
        title: ['Queue'],
        blocks: [
          {
            kind: 'list',
            items: [
              [code('#K7QPD'), ' Fri 18:30 Hello'],
              [code('#M2N3P'), ' Sat 9:00 ', strong('Bye')],
            ],
          },
        ],
      }),
      async slow(request) {
        request.progress?.('Uploading 10 %');
        await new Promise<void>((resolve) => {
          release = resolve;
          request.signal.addEventListener('abort', () => resolve());
        });
        return plain(request.signal.aborted ? 'Stopped.' : 'Slow is done.');
      },
    },
    pressAnswers: {
      'schedule.anyway:1': () => plain('Scheduled #K7QPD.', 'success'),
      'schedule.drop:1': () => plain('Dropped.'),
      'edit.words:K7QPD': (request) => plain(`Words are now ${JSON.stringify(request.answer)}.`, 'success'),
    },
    async run(request) {
      desk.runs.push(request);
      const answer = desk.answers[request.command];
      if (!answer)
        return {
          tone: 'error',
          title: [`There is no command /${request.command}.`],
          blocks: [text('See /help.')],
        };
      try {
        return await answer(request);
      } catch (error) {
        const { message, hint } = asCarillonError(error);
        return { tone: 'error', title: [message], blocks: [text(hint)] };
      }
    },
    async press(request) {
      desk.presses.push(request);
      return (
        (await desk.pressAnswers[request.action]?.(request)) ?? plain('That button is no more.', 'error')
      );
    },
    refusal: () => Promise.resolve(undefined),
    asks: ({ action }) =>
      Promise.resolve(
        action.startsWith('edit.words')
          ? {
              title: 'New words for #K7QPD',
              label: 'Words',
              multiline: true,
              max: 40,
              value: 'Hello\nworld \\n',
            }
          : undefined,
      ),
    complete(request) {
      desk.completions.push(request);
      const offers: Record<string, { value: string; label: string }[]> = {
        to: ['x', 'x:@acme', 'tumblr', 'pinterest'].map((value) => ({ value, label: `on ${value}` })),
        post: [
          { value: '#K7QPD', label: 'Fri 18:30 · Hello world' },
          { value: '#M2N3P', label: 'Sat 9:00 · Bye' },
        ],
        when: [{ value: 'tomorrow 9:00', label: 'Friday, 2 July 2027, 09:00 Europe/Rome' }],
      };
      const head = request.typed.slice(0, request.typed.lastIndexOf(',') + 1);
      const member = request.typed.slice(head.length);
      return Promise.resolve(
        (offers[request.option] ?? []).filter(({ value }) =>
          value.toLowerCase().startsWith(member.toLowerCase()),
        ),
      );
    },
    cardPlaced(postId, message) {
      desk.placed.push({ postId, message });
      return Promise.resolve();
    },
    conversationRenamed: () => Promise.resolve(),
    knows: () => Promise.resolve(true),
  };
  return desk;
}

/** Sends a notice as core does. */
export const notify = (
  gateway: ChatGateway,
  reply: Reply,
  nonce = randomBytes(4).toString('hex'),
): Promise<MessageReference> =>
  gateway.send(
    { conversation: { frontend: 'terminal', id: 'local', kind: 'direct' }, person: 'terminal:local' },
    reply,
    nonce,
  );
