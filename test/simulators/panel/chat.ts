/** What the page of the simulators knows of a chat: one file of this folder for each. */
import { z } from 'zod';

/** A message as its reader sees it. */
export interface ChatMessage {
  readonly id: string;
  readonly by: 'person' | 'bot';
  readonly text: string;
  readonly rows: readonly (readonly ChatButton[])[];
  /** Nobody else in the chat sees it. */
  readonly isPrivate?: boolean;
  readonly isEdited?: boolean;
}

export interface ChatButton {
  readonly label: string;
  /** What is pressed; for a link its address. */
  readonly action: string;
  readonly style: 'primary' | 'danger' | 'link' | 'default';
}

/** Questions that a button opened; they stand until they are answered or another is opened. */
export interface ChatForm {
  readonly title: string;
  readonly fields: readonly {
    readonly name: string;
    readonly label: string;
    readonly value: string;
    readonly multiline: boolean;
  }[];
}

/** A picture or a video that a person attaches to a line. */
export interface ChatFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** An album of either chat has no more. */
const FILES_MAX = 10;

/** What goes wrong with the next calls of the bot, or with its connection. */
export const CHAT_FAULTS = [
  'rate limit',
  'server error',
  'drop before the effect',
  'drop after the effect',
  'dropped gateway',
  'session over',
  'second bot',
] as const;
export type ChatFault = (typeof CHAT_FAULTS)[number];

/** A refusal for the rate names so many seconds. */
export const RATE_PAUSE_SECONDS = 5;

export interface SimulatedChat {
  readonly chat: string;
  readonly label: string;
  /** Variables that lead the program here. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests that the real chat would not have liked, in words. */
  readonly violations: readonly string[];
  /** Whether the bot listens. */
  isConnected(): boolean;
  /** Oldest first. */
  messages(): readonly ChatMessage[];
  form(): ChatForm | undefined;
  /** A line as a person types it, with what is attached to it. Throws when the chat's own app would not send it. */
  type(line: string, files: readonly ChatFile[]): Promise<unknown> | undefined;
  /** Resolves with what is shown beside the messages, if anything. */
  press(messageId: string, action: string): Promise<string | undefined>;
  /** Answers the form, where there is one. */
  submit(values: Readonly<Record<string, string>>): Promise<void>;
  /** Absent: the chat has no such thing. */
  readonly faults: Readonly<Partial<Record<ChatFault, (times: number) => void>>>;
  /** Calls that will still be met. */
  waiting(): number;
  /** All is well again. */
  restore(): void;
  stop(): Promise<void>;
}

const file = z.strictObject({ name: z.string().min(1), type: z.string(), base64: z.base64() });

/** What a person does in a chat, as the page asks for it. */
const act = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('type'), line: z.string(), files: z.array(file).max(FILES_MAX).optional() }),
  z.strictObject({ do: z.literal('press'), message: z.string(), action: z.string() }),
  z.strictObject({ do: z.literal('submit'), values: z.record(z.string(), z.string()) }),
]);

/** Does it, and answers what is shown beside the messages. Throws when it cannot be done. */
export async function actOf(chat: SimulatedChat, asked: unknown): Promise<string | undefined> {
  const doing = act.parse(asked);
  if (doing.do === 'press') return chat.press(doing.message, doing.action);
  if (doing.do === 'submit') await chat.submit(doing.values);
  else {
    const files = (doing.files ?? []).map(({ base64, ...named }) => ({
      ...named,
      bytes: Buffer.from(base64, 'base64'),
    }));
    if (!doing.line && files.length === 0) throw new Error('There is nothing to send.');
    await chat.type(doing.line, files);
  }
  return undefined;
}
