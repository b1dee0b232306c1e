/** Modals: what a button asks for, and what is still missing when a post is made from a message or without words. */
import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmitInteraction,
  type APITextInputComponent,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import type { Ask, CommandDefinition, OptionSpec } from '../../core/command.ts';
import { type Input, WORDS_OPTION } from './input.ts';
import { count, cut } from './shorten.ts';

/** https://docs.discord.com/developers/components/reference#text-input and #label, and a modal's own limits. */
const TITLE_MAX = 45;
const LABEL_MAX = 45;
const DESCRIPTION_MAX = 100;
const INPUT_MAX = 4000;
const FIELDS_MAX = 5;

/** The custom id of a form is its purpose, then the action to press or the key of what is kept until it comes back. */
const ASK = 'ask/';
const MORE = 'more/';
const ANSWER = 'answer';

type Form = APIModalInteractionResponseCallbackData;

/** The form that an action asks for. */
export function askForm(action: string, ask: Ask & { readonly value: string }): Form {
  const input = textInput(ANSWER, {
    multiline: ask.multiline,
    max: ask.max,
    value: ask.value,
    // What stands there may be taken away altogether; whether that makes sense, the command says.
    required: ask.value === '',
  });
  return {
    custom_id: `${ASK}${action}`,
    title: cut(ask.title, TITLE_MAX),
    components: [labelled(ask.label, undefined, input)],
  };
}

/** Asks for the words alone, which are then needed. */
export function wordsForm(key: string, title: string, spec: OptionSpec): Form {
  return {
    custom_id: `${MORE}${key}`,
    title: cut(title, TITLE_MAX),
    components: [field(WORDS_OPTION, spec, '', true)],
  };
}

/**
 * Asks for what a message cannot tell (moments and whatever else is required), shows its words for a last change and
 * offers the choice of targets.
 */
export function messageForm(key: string, title: string, definition: CommandDefinition, given: Input): Form {
  const specs = Object.entries(definition.options).filter(([, spec]) => canBeTyped(spec));
  const wanted = [
    ...specs.filter(([name, spec]) => spec.required && name !== WORDS_OPTION),
    ...specs.filter(([name]) => name === WORDS_OPTION),
    ...specs.filter(([name, spec]) => spec.kind === 'targets' && !spec.required && name !== WORDS_OPTION),
  ];
  const components = wanted.slice(0, FIELDS_MAX).map(([name, spec]) => {
    const required = spec.required === true && !(name === WORDS_OPTION && given.media.length > 0);
    return field(name, spec, String(given.fields[name] ?? ''), required);
  });
  return { custom_id: `${MORE}${key}`, title: cut(title, TITLE_MAX), components };
}

/** What a form that came back was for. */
export function formPurpose(
  customId: string,
): { kind: 'ask'; action: string } | { kind: 'more'; key: string } | undefined {
  if (customId.startsWith(ASK)) return { kind: 'ask', action: customId.slice(ASK.length) };
  if (customId.startsWith(MORE)) return { kind: 'more', key: customId.slice(MORE.length) };
  return undefined;
}

/** What was typed, by field; fields that were left empty are left out. */
export function typedFields(interaction: APIModalSubmitInteraction): Readonly<Record<string, string>> {
  const typed: Record<string, string> = {};
  for (const component of interaction.data.components) {
    if (component.type !== ComponentType.Label || component.component.type !== ComponentType.TextInput)
      continue;
    const { custom_id: name, value } = component.component;
    if (value !== '') typed[name] = value;
  }
  return typed;
}

/** The answer to what an action asked; empty when the field was emptied. */
export function typedAnswer(interaction: APIModalSubmitInteraction): string {
  return typedFields(interaction)[ANSWER] ?? '';
}

function canBeTyped(spec: OptionSpec): boolean {
  return spec.kind === 'text' || spec.kind === 'moment' || spec.kind === 'targets' || spec.kind === 'post';
}

function field(name: string, spec: OptionSpec, value: string, required: boolean): APILabelComponent {
  const multiline = spec.kind === 'text' && (spec.multiline === true || spec.rest === true);
  const max = spec.kind === 'text' ? (spec.max ?? INPUT_MAX) : INPUT_MAX;
  return labelled(name, spec.summary, textInput(name, { multiline, max, value, required }));
}

function labelled(
  label: string,
  description: string | undefined,
  component: APITextInputComponent,
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: cut(label, LABEL_MAX),
    ...(description ? { description: cut(description, DESCRIPTION_MAX) } : {}),
    component,
  };
}

function textInput(
  name: string,
  { multiline, max, value, required }: { multiline: boolean; max: number; value: string; required: boolean },
): APITextInputComponent {
  const limit = Math.min(max, INPUT_MAX);
  // A shortened prefill would be taken for the whole and lose its end when it is sent back.
  const fits = value.length <= limit;
  return {
    type: ComponentType.TextInput,
    custom_id: name,
    style: multiline ? TextInputStyle.Paragraph : TextInputStyle.Short,
    max_length: limit,
    required,
    ...(fits && value !== '' ? { value } : {}),
    ...(fits
      ? {}
      : {
          placeholder: `Too long to show here (${count(value.length)} characters); what you write replaces it.`,
        }),
  };
}
