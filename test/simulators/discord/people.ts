/** People who use the bot: slash commands, suggestions, buttons, forms and menus, with the checks of Discord's own app. */
import { checkValue, type File } from './client-checks.ts';
import type { SimGateway } from './gateway.ts';
import type { InteractionKind, SimInteraction, SimInteractions } from './interactions.ts';
import { apiAttachment, apiMessage, interactionFrame } from './payloads.ts';
import type { Sight } from './sight.ts';
import type { SeenForm, SeenMessage } from './view.ts';
import type { SimAttachment, SimChannel, SimMessage, SimUser, World } from './world.ts';

type Json = Record<string, unknown>;

export interface Situation {
  readonly user?: SimUser;
  readonly channel?: SimChannel;
  /** What must be seen before the promise settles; the first sight unless said. */
  readonly until?: (sight: Sight) => boolean;
}

export interface Backstage {
  readonly world: World;
  readonly gateway: SimGateway;
  readonly interactions: SimInteractions;
  readonly home: { readonly user: SimUser; readonly channel: SimChannel };
  readonly url: string;
  /** Milliseconds that people look at their screen in vain. */
  readonly patience: number;
}

export class People {
  readonly #stage: Backstage;
  readonly #payloads = new Map<string, Json>();

  constructor(stage: Backstage) {
    this.#stage = stage;
  }

  /** `/name` with options; a file stands for an attachment. Settles with what the person sees. */
  slash(
    name: string,
    options: Readonly<Record<string, string | number | boolean | File>> = {},
    situation: Situation = {},
  ): Promise<Sight> {
    const command = this.#command(name, 1);
    const attachments: Record<string, unknown> = {};
    const missing = command.options.filter(
      (option) => option.required && options[String(option.name)] === undefined,
    );
    if (missing.length > 0)
      throw new Error(
        `Discord does not send /${name} without ${missing.map((option) => option.name).join(', ')}`,
      );
    const given = Object.entries(options).map(([option, value]) => {
      const spec = command.options.find((candidate) => candidate.name === option);
      if (!spec)
        throw new Error(
          `/${name} has no option ${option}; it has ${command.options.map((each) => each.name).join(', ')}`,
        );
      checkValue(name, spec, value);
      if (typeof value !== 'object') return { name: option, type: spec.type, value };
      const attachment = this.attach(value);
      attachments[attachment.id] = apiAttachment(attachment);
      return { name: option, type: spec.type, value: attachment.id };
    });
    const data = { id: command.id, name, type: 1, options: given, resolved: { attachments } };
    return this.#act('command', 2, data, situation);
  }

  /** What is suggested while `typed` stands in `option`. */
  async autocomplete(
    name: string,
    option: string,
    typed: string,
    { given = {}, ...situation }: Situation & { given?: Readonly<Record<string, string>> } = {},
  ): Promise<readonly { name: string; value: string }[]> {
    const command = this.#command(name, 1);
    const spec = command.options.find((candidate) => candidate.name === option);
    if (!spec?.autocomplete) throw new Error(`/${name} ${option} has no suggestions`);
    const data = {
      id: command.id,
      name,
      type: 1,
      options: [
        ...Object.entries(given).map(([other, value]) => ({ name: other, type: 3, value })),
        { name: option, type: spec.type, value: typed, focused: true },
      ],
    };
    const sight = await this.#act('completion', 4, data, situation);
    return sight.choices ?? [];
  }

  /** Presses the button with this label or action under a message. */
  press(message: SeenMessage | undefined, button: string, situation: Situation = {}): Promise<Sight> {
    const source = this.#message(message?.id);
    const found = message?.buttons.find(({ label, action }) => label === button || action === button);
    if (!found)
      throw new Error(
        `No button ${button}; there are: ${message?.buttons.map(({ label }) => label).join(', ') || 'none'}`,
      );
    const data = { component_type: 2, custom_id: found.action };
    const where = { channel: source.channel, ...situation };
    return this.#act('press', 3, data, where, source);
  }

  /** Sends a form; fields that are not named keep what stands in them. */
  submit(
    form: SeenForm | undefined,
    values: Readonly<Record<string, string>> = {},
    situation: Situation = {},
  ): Promise<Sight> {
    if (!form) throw new Error('There is no form to send');
    const unknown = Object.keys(values).filter((name) => !form.fields.some((field) => field.name === name));
    if (unknown.length > 0) throw new Error(`The form "${form.title}" has no field ${unknown.join(', ')}`);
    const components = form.fields.map((field, index) => {
      const value = values[field.name] ?? field.value;
      if (field.required && value === '')
        throw new Error(`Discord does not send the form without ${field.name}`);
      if (value.length > field.max)
        throw new Error(`${field.name} takes ${field.max} characters, not ${value.length}`);
      return {
        type: 18,
        id: index * 2 + 1,
        component: { type: 4, id: index * 2 + 2, custom_id: field.name, value },
      };
    });
    const where = { ...(form.message ? { channel: form.message.channel } : {}), ...situation };
    return this.#act('form', 5, { custom_id: form.id, components }, where, form.message);
  }

  /** Uses an entry of the menu of a message. */
  menu(name: string, message: SeenMessage | SimMessage, situation: Situation = {}): Promise<Sight> {
    const command = this.#command(name, 3);
    const target = this.#message(message.id);
    const data = {
      id: command.id,
      name,
      type: 3,
      target_id: target.id,
      resolved: { messages: { [target.id]: apiMessage(target, this.#stage.world) } },
    };
    return this.#act('command', 2, data, { channel: target.channel, ...situation });
  }

  /** A person writes an ordinary message. */
  say(
    content: string,
    { user, channel, files = [], more }: Situation & { files?: readonly File[]; more?: Json } = {},
  ): SimMessage {
    const { home, world } = this.#stage;
    return world.message({
      channel: channel ?? home.channel,
      authorId: (user ?? home.user).id,
      flags: 0,
      content,
      attachments: files.map((file) => this.attach(file)),
      ...(more ? { more } : {}),
    });
  }

  /** Sends an interaction that was sent before once more, as a resumed connection may. */
  again(interactionId: string): void {
    this.#stage.gateway.dispatch('INTERACTION_CREATE', this.#payloads.get(interactionId));
  }

  attach(file: File): SimAttachment {
    const { world, url } = this.#stage;
    const id = world.snowflake();
    const attachment: SimAttachment = {
      id,
      url: `${url}/attachments/1/${id}/${encodeURIComponent(file.name)}?ex=1&is=2&hm=3`,
      filename: file.name,
      size: file.bytes.byteLength,
      content_type: file.type ?? 'application/octet-stream',
      bytes: file.bytes,
    };
    world.attachments.push(attachment);
    return attachment;
  }

  #act(
    kind: InteractionKind,
    type: number,
    data: Json,
    situation: Situation,
    source?: SimMessage,
  ): Promise<Sight> {
    const { world, gateway, interactions, home, patience } = this.#stage;
    const user = situation.user ?? home.user;
    const channel = situation.channel ?? home.channel;
    if (source?.onlyFor && source.onlyFor !== user) throw new Error(`${user.name} does not see that message`);
    const interaction = interactions.begin(kind, user, channel, source);
    const payload = {
      ...interactionFrame(interaction, user, channel, world),
      type,
      data,
      ...(source ? { message: apiMessage(source, world) } : {}),
    };
    this.#payloads.set(interaction.id, payload);
    gateway.dispatch('INTERACTION_CREATE', payload);
    const { until = () => true } = situation;
    return world.until(
      () =>
        `an answer for ${user.name} (${describe(kind, data)}); seen so far: ${JSON.stringify(interaction.sights)}`,
      () => interaction.sights.find(until) ?? failedSight(interaction),
      patience,
    );
  }

  #command(name: string, type: number): { id: string; options: Json[] } {
    const command = this.#stage.world.commands.find(
      (candidate) => candidate.name === name && candidate.type === type,
    );
    if (!command) {
      const known = this.#stage.world.commands.map((candidate) => candidate.name).join(', ');
      throw new Error(`Discord knows no command "${name}" of type ${type}; it knows: ${known || 'none'}`);
    }
    return { id: command.id, options: (command.options ?? []) as unknown as Json[] };
  }

  #message(id: string | undefined): SimMessage {
    const message = this.#stage.world.messages.find((candidate) => candidate.id === id);
    if (!message || message.deleted) throw new Error(`There is no message ${id}`);
    return message;
  }
}

/** Nothing can follow an interaction that failed. */
function failedSight(interaction: SimInteraction): Sight | undefined {
  return interaction.sights.find((sight) => sight.kind === 'failed');
}

function describe(kind: InteractionKind, data: Json): string {
  return `${kind} ${String(data.name ?? data.custom_id)}`;
}
