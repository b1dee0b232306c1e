/** What people see of a message or form: text without markup, buttons, colour. */

import { flatten } from './message-rules.ts';
import type { SimMessage } from './world.ts';
import { COMPONENTS_V2, EPHEMERAL, LOADING } from './world.ts';

type Json = Record<string, unknown>;

export interface SeenButton {
  readonly label: string;
  readonly action: string;
  readonly style: 'primary' | 'default' | 'success' | 'danger' | 'link';
}

export interface SeenMessage {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  /** As people read it: no markup, times as `2026-11-25T08:00:00Z`, relative times as `(relative)`. */
  readonly text: string;
  /** As it was sent. */
  readonly markdown: string;
  readonly buttons: readonly SeenButton[];
  readonly rows: readonly (readonly SeenButton[])[];
  readonly accent?: number;
  readonly ephemeral: boolean;
  /** Still the placeholder "… is thinking". */
  readonly thinking: boolean;
  readonly edits: number;
  readonly replyTo?: string;
  readonly nonce?: string;
}

export interface SeenField {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly multiline: boolean;
  readonly max: number;
  readonly required: boolean;
  readonly placeholder?: string;
}

export interface SeenForm {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly SeenField[];
  /** The message under the button that opened it. */
  readonly message?: SimMessage;
}

const STYLES = ['primary', 'default', 'success', 'danger', 'link'] as const;

export function seenMessage(message: SimMessage): SeenMessage {
  const components = message.components as unknown as Json[];
  const all = flatten(components);
  const markdown =
    (message.flags & COMPONENTS_V2) === 0
      ? message.content
      : all
          .filter((component) => component.type === 10)
          .map((component) => String(component.content))
          .join('\n');
  const rows = all
    .filter((component) => component.type === 1)
    .map((row) => (row.components as Json[]).map(seenButton));
  const accent = components[0]?.accent_color;
  return {
    id: message.id,
    channelId: message.channel.id,
    authorId: message.authorId,
    text: asRead(markdown),
    markdown,
    buttons: rows.flat(),
    rows,
    ...(typeof accent === 'number' ? { accent } : {}),
    ephemeral: (message.flags & EPHEMERAL) !== 0,
    thinking: (message.flags & LOADING) !== 0,
    edits: message.edits,
    ...(message.replyTo === undefined ? {} : { replyTo: message.replyTo }),
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
  };
}

export function seenForm(data: Json, message: SimMessage | undefined): SeenForm {
  const fields = (data.components as Json[])
    .filter((component) => component.type === 18)
    .map((label) => {
      const input = label.component as Json;
      return {
        name: String(input.custom_id),
        label: String(label.label),
        value: String(input.value ?? ''),
        multiline: input.style === 2,
        max: Number(input.max_length ?? 4000),
        required: input.required !== false,
        ...(label.description ? { description: String(label.description) } : {}),
        ...(input.placeholder ? { placeholder: String(input.placeholder) } : {}),
      };
    });
  return { id: String(data.custom_id), title: String(data.title), fields, ...(message ? { message } : {}) };
}

function seenButton(button: Json): SeenButton {
  return {
    label: String(button.label ?? ''),
    action: String(button.custom_id ?? button.url ?? ''),
    style: STYLES[Number(button.style) - 1] ?? 'default',
  };
}

/** Discord markdown as a reader sees it, as far as this product writes it. */
export function asRead(markdown: string): string {
  const token =
    /\\([\\*_~`|<>[\]#+.-])|<t:(\d+):R>|<t:(\d+)(?::[a-zA-Z])?>|``\s(.*?)\s``|`([^`]*)`|\[((?:\\.|[^\]])*)\]\((\S+?)\)|https?:\/\/[^\s<>]+|\*\*|^### |^-# /gm;
  return markdown.replace(token, (all, escaped, relative, instant, longCode, code, label, url) => {
    if (escaped !== undefined) return escaped;
    if (relative !== undefined) return 'relative';
    if (instant !== undefined) return new Date(Number(instant) * 1000).toISOString().replace('.000', '');
    if (longCode !== undefined) return longCode;
    if (code !== undefined) return code;
    if (label !== undefined) return `${asRead(label)} (${url})`;
    return all.startsWith('http') ? all : '';
  });
}
