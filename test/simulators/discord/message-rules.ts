/** The rules for messages and forms that Discord's description does not hold; each is in Discord's documentation. */
import { COMPONENTS_V2, EPHEMERAL } from './world.ts';

type Json = Record<string, unknown>;

const BUTTON = 2;
const TEXT_INPUT = 4;
const TEXT_DISPLAY = 10;
const ACTION_ROW = 1;
const LABEL = 18;
const LINK_BUTTON = 5;

const CONTENT_MAX = 2000;
const V2_TEXT_MAX = 4000;
const V2_COMPONENTS_MAX = 40;
const ROW_BUTTONS_MAX = 5;
const MODAL_COMPONENTS_MAX = 5;

/** Faults of a body that makes or changes a message; `before` are the flags that the message has already. */
export function messageFaults(body: Json, before = 0): string[] {
  const faults: string[] = [];
  const flags = Number(body.flags ?? 0);
  const isV2 = ((flags | before) & COMPONENTS_V2) !== 0;
  const content = String(body.content ?? '');
  const components = (body.components ?? []) as Json[];
  if (content.length > CONTENT_MAX)
    faults.push(`content: ${content.length} characters, at most ${CONTENT_MAX}`);
  if (isV2) {
    for (const field of ['content', 'embeds', 'poll', 'sticker_ids']) {
      if (body[field] !== undefined && body[field] !== null)
        faults.push(`${field}: not with IS_COMPONENTS_V2`);
    }
  }
  const all = flatten(components);
  if (all.some((component) => component.type !== ACTION_ROW && component.type !== BUTTON) && !isV2) {
    faults.push('components: these kinds need IS_COMPONENTS_V2');
  }
  if (all.length > V2_COMPONENTS_MAX)
    faults.push(`components: ${all.length}, at most ${V2_COMPONENTS_MAX} with nested ones`);
  const texts = all
    .filter((component) => component.type === TEXT_DISPLAY)
    .map((component) => String(component.content));
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > V2_TEXT_MAX) faults.push(`components: ${length} characters of text, at most ${V2_TEXT_MAX}`);
  if (texts.some((text) => text.trim() === '')) faults.push('components: an empty text display');
  for (const row of all.filter((component) => component.type === ACTION_ROW)) faults.push(...rowFaults(row));
  for (const button of all.filter((component) => component.type === BUTTON))
    faults.push(...buttonFaults(button));
  faults.push(...repeatedIds(all));
  if (content === '' && components.length === 0 && !body.embeds) faults.push('an empty message (50006)');
  return faults;
}

/** Faults of a placeholder: only whether it is ephemeral can be said with it. */
export function deferralFaults(data: Json | undefined): string[] {
  const faults = Object.keys(data ?? {})
    .filter((field) => field !== 'flags')
    .map((field) => `${field}: not in a deferral`);
  const flags = Number(data?.flags ?? 0);
  return (flags & ~EPHEMERAL) === 0 ? faults : [...faults, `flags ${flags}: a deferral takes EPHEMERAL only`];
}

export function modalFaults(data: Json): string[] {
  const components = (data.components ?? []) as Json[];
  const faults: string[] = [];
  if (components.length > MODAL_COMPONENTS_MAX)
    faults.push(`components: ${components.length}, at most ${MODAL_COMPONENTS_MAX}`);
  for (const component of components) {
    if (component.type === ACTION_ROW) faults.push('components: action rows in modals are deprecated');
    if (component.type !== LABEL) continue;
    const input = component.component as Json;
    if (input.type !== TEXT_INPUT) continue;
    const value = String(input.value ?? '');
    if (input.label !== undefined)
      faults.push(`${input.custom_id}: a labelled input has no label of its own`);
    if (value.length > Number(input.max_length ?? 4000))
      faults.push(`${input.custom_id}: prefill longer than max_length`);
    if (input.value === '') faults.push(`${input.custom_id}: an empty prefill`);
  }
  return [...faults, ...repeatedIds(flatten(components))];
}

/** All components with those inside them. */
export function flatten(components: readonly Json[]): Json[] {
  return components.flatMap((component) => [
    component,
    ...flatten((component.components ?? []) as Json[]),
    ...flatten([component.component, component.accessory].filter((part) => part !== undefined) as Json[]),
  ]);
}

function rowFaults(row: Json): string[] {
  const buttons = (row.components ?? []) as Json[];
  if (buttons.length === 0) return ['components: an empty row'];
  return buttons.length > ROW_BUTTONS_MAX
    ? [`components: ${buttons.length} buttons in a row, at most ${ROW_BUTTONS_MAX}`]
    : [];
}

function buttonFaults(button: Json): string[] {
  const faults: string[] = [];
  if (!button.label && !button.emoji) faults.push('button: neither label nor emoji');
  if (button.style === LINK_BUTTON ? !button.url : !button.custom_id)
    faults.push('button: neither custom_id nor url');
  return faults;
}

function repeatedIds(components: readonly Json[]): string[] {
  const ids = components.map((component) => component.custom_id).filter((id) => id !== undefined);
  return ids
    .filter((id, index) => ids.indexOf(id) !== index)
    .map((id) => `custom_id ${String(id)} occurs twice`);
}
