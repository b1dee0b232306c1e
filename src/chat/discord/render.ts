/** A Reply as one Discord message: a container in the colour of its tone, one text, rows of buttons (Components V2). */
import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIContainerComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
} from 'discord.js';
import type { Button, Reply } from '../../core/reply.ts';
import { renderBody } from './body.ts';
import { cut } from './shorten.ts';

/** https://docs.discord.com/developers/components/reference: text of one message, its components, buttons of a row. */
const MESSAGE_TEXT_MAX = 4000;
const COMPONENTS_MAX = 40;
const ROW_BUTTONS_MAX = 5;
const BUTTON_LABEL_MAX = 80;

const ACCENT: Readonly<Record<Reply['tone'], number>> = {
  info: 0x5865f2,
  success: 0x2e9e5b,
  warning: 0xe0a100,
  error: 0xd83c3e,
};

const STYLE: Readonly<
  Record<
    Button['style'],
    ButtonStyle.Primary | ButtonStyle.Secondary | ButtonStyle.Success | ButtonStyle.Danger
  >
> = {
  primary: ButtonStyle.Primary,
  success: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
  default: ButtonStyle.Secondary,
};

/** The part of a message that is the same whether it is sent, edited or given as an interaction's answer. */
interface MessageBody {
  readonly flags: number;
  readonly components: APIContainerComponent[];
  readonly allowed_mentions: { readonly parse: [] };
}

/** `notes` are lines of the front-end itself, such as where the outcome will be told. */
export function render(reply: Reply, notes: readonly string[] = []): MessageBody {
  const components: APIComponentInContainer[] = [
    { type: ComponentType.TextDisplay, content: renderBody(reply, notes, MESSAGE_TEXT_MAX) },
    ...buttonRows(reply.buttons ?? []),
  ];
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.Container, accent_color: ACCENT[reply.tone], components }],
    // The words of a post may hold @everyone; a bot that announces its posts must never ring for it.
    allowed_mentions: { parse: [] },
  };
}

function buttonRows(
  rows: readonly (readonly Button[])[],
): APIActionRowComponent<APIButtonComponentWithCustomId>[] {
  const seen = new Set<string>();
  const unique = rows.map((row) =>
    row.filter((button) => {
      // Discord refuses a message with two equal custom ids; two buttons of one action are one button.
      if (seen.has(button.action)) return false;
      seen.add(button.action);
      return true;
    }),
  );
  const wanted = unique.flatMap((row) => chunks(row, ROW_BUTTONS_MAX));
  const components = wanted.reduce((sum, row) => sum + 1 + row.length, 0);
  // The container and its text are two more. Full rows are the fewest components that the same buttons can take.
  const fitting = components + 2 <= COMPONENTS_MAX ? wanted : chunks(unique.flat(), ROW_BUTTONS_MAX);
  return fitting.map((row) => ({ type: ComponentType.ActionRow, components: row.map(renderButton) }));
}

function renderButton(button: Button): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: STYLE[button.style],
    label: cut(button.label, BUTTON_LABEL_MAX),
    custom_id: button.action,
  };
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
