/**
 * Commands as plain data plus `run`, defined once and served by every front-end. A definition never sees a chat
 * platform: it gets a person, a conversation, a workspace and services, and returns a Reply.
 */

import type { Clock, Random } from './clock.ts';
import type { Logger } from './log.ts';
import type { IncomingMedia } from './media.ts';
import type { Reply } from './reply.ts';
import type { Services } from './services/services.ts';
import type { Account, Conversation, Identity, Person, Post, Role, Workspace } from './words.ts';

/** Common to every front-end's rules (Telegram allows fewest characters, Discord the shortest summary). */
export const COMMAND_NAME = /^[a-z0-9_]{1,32}$/;
export const SUMMARY_MAX = 100;
export const CHOICES_MAX = 25;

/** An instant that a person named, with the wording that is echoed. */
export interface Moment {
  readonly at: Date;
  /** In full, in the workspace's zone, with the distance from now. */
  readonly text: string;
  /** What was assumed where the person left something out; shown with the answer. */
  readonly notes: readonly string[];
}

/** `x,+tumblr,-instagram`: names alone, with a plus and with a minus. */
export interface TargetChange {
  readonly named: readonly Account[];
  readonly added: readonly Account[];
  readonly dropped: readonly Account[];
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface OptionBase {
  readonly summary: string;
  readonly required?: boolean;
  /** Another command has it too: where a chat's form has no room for every option, this one is left to those who type. */
  readonly typedOnly?: true;
}

/** The closed list of kinds that every front-end can ask for. */
export type OptionSpec =
  | (OptionBase & {
      readonly kind: 'text';
      readonly max?: number;
      readonly multiline?: boolean;
      readonly rest?: boolean;
      /** @param given what the person has typed into the other options by now */
      suggest?(
        typed: string,
        context: CommandContext,
        given: Readonly<Record<string, string>>,
      ): Promise<readonly Choice[]> | readonly Choice[];
    })
  | (OptionBase & { readonly kind: 'choice'; readonly choices: readonly Choice[] })
  | (OptionBase & { readonly kind: 'integer'; readonly min: number; readonly max: number })
  | (OptionBase & { readonly kind: 'switch' })
  | (OptionBase & { readonly kind: 'moment'; readonly orNever?: true })
  | (OptionBase & { readonly kind: 'targets'; readonly signed?: true })
  | (OptionBase & { readonly kind: 'post' })
  | (OptionBase & { readonly kind: 'media' });

/** What each kind becomes before `run` sees it. */
interface OptionValues {
  text: string;
  choice: string;
  integer: number;
  switch: boolean;
  moment: Moment;
  targets: readonly Account[];
  post: Post;
  media: readonly IncomingMedia[];
}

/** `orNever`: people may say that there is to be no such moment. `signed`: names with a sign add accounts or drop them. */
type ValueOf<S extends OptionSpec> = S extends { readonly kind: 'moment'; readonly orNever: true }
  ? Moment | 'never'
  : S extends { readonly kind: 'targets'; readonly signed: true }
    ? TargetChange
    : OptionValues[S['kind']];

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionsOf<S extends OptionSpecs> = {
  readonly [Name in keyof S]: S[Name] extends { readonly required: true }
    ? ValueOf<S[Name]>
    : ValueOf<S[Name]> | undefined;
};

export interface CommandContext {
  readonly workspace: Workspace;
  readonly person: Person;
  readonly conversation: Conversation;
  /** The message that asked, where the chat has one. */
  readonly messageId?: string;
  readonly services: Services;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Tells the person that long work goes on; a front-end may ignore it. */
  progress(words: string): void;
}

/** The context of `/start` and `/help`, which answer strangers too. */
export interface OpenContext extends Omit<CommandContext, 'workspace' | 'person'> {
  readonly workspace: Workspace | undefined;
  readonly person: Person | undefined;
  readonly identity: Identity;
  readonly personName: string;
  /** Every command there is, for /help. */
  readonly commands: readonly CommandDefinition[];
}

/** What a button asks before it runs: a text (a form, a forced reply, a prompt). */
export interface Ask {
  readonly title: string;
  readonly label: string;
  readonly multiline: boolean;
  readonly max: number;
  /** What stands in the field at first. */
  prefill?(context: CommandContext, args: readonly string[]): Promise<string>;
}

/** What happens when a button of a reply is pressed. The role is checked at the press. */
export interface ActionDefinition {
  readonly role: Role;
  readonly ask?: Ask;
  run(context: CommandContext, args: readonly string[], answer: string): Promise<Reply>;
}

interface CommandBase<S extends OptionSpecs> {
  readonly name: string;
  readonly summary: string;
  readonly options: S;
  readonly examples: readonly string[];
  /** A message's own words and media can stand for the options of the same names ("Schedule this"). */
  readonly fromMessage?: boolean;
  /** Reads nothing that another of its kind writes: a person who enters several at once need not wait for one after the other. */
  readonly alongside?: boolean;
  readonly actions?: Readonly<Record<string, ActionDefinition>>;
}

/** A command for the team; `role` is the least that may use it. */
export interface TeamCommand<S extends OptionSpecs = OptionSpecs> extends CommandBase<S> {
  readonly role: Role;
  run(context: CommandContext, options: OptionsOf<S>): Promise<Reply>;
}

/** A command that answers strangers too. */
export interface OpenCommand<S extends OptionSpecs = OptionSpecs> extends CommandBase<S> {
  readonly role: 'anyone';
  run(context: OpenContext, options: OptionsOf<S>): Promise<Reply>;
}

export type CommandDefinition = TeamCommand | OpenCommand;

/**
 * Gives `run` the types of its own options. The registry holds definitions of different options side by side; the desk
 * parses options by the same specs that typed them here, so the wider type is sound.
 */
export function defineCommand<const S extends OptionSpecs>(definition: TeamCommand<S>): TeamCommand {
  return definition as unknown as TeamCommand;
}

/** The same for a command that answers strangers too. */
export function defineOpenCommand<const S extends OptionSpecs>(definition: OpenCommand<S>): OpenCommand {
  return definition as unknown as OpenCommand;
}
