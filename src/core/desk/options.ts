/** From what a person typed to what a command's `run` gets: each kind of option has its one conversion here. */
import { cleanText, cleanValue } from '../clean-text.ts';
import type {
  CommandContext,
  CommandDefinition,
  Moment,
  OptionSpec,
  OptionSpecs,
  OptionsOf,
} from '../command.ts';
import { usageError } from '../errors.ts';
import type { IncomingMedia } from '../media.ts';
import { momentOrError } from '../moments/demand.ts';
import { echo } from '../moments/show.ts';
import { nearestName } from '../nearest-name.ts';
import type { Workspace } from '../words.ts';
import { postOf } from './post-option.ts';

export type RawValue = string | number | boolean | readonly string[];
type Raw = Readonly<Record<string, RawValue>>;

/** What conversions need of the context; `workspace` is absent for strangers, whose commands have plain options only. */
export type ConversionContext = Pick<CommandContext, 'services' | 'clock'> & {
  readonly workspace: Workspace | undefined;
  readonly filesAllowed: boolean;
};

/** Errors: OPTION_MISSING, OPTION_INVALID and those of moments, targets and posts. */
export async function convertOptions(
  definition: CommandDefinition,
  raw: Raw,
  media: readonly IncomingMedia[],
  context: ConversionContext,
): Promise<OptionsOf<OptionSpecs>> {
  const options: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(definition.options)) {
    const value =
      spec.kind === 'media'
        ? withAlts(mediaOf(raw[name], media, context), raw.alt)
        : await convert(name, spec, raw[name], context);
    const given = value !== undefined && !(Array.isArray(value) && value.length === 0);
    if (given) options[name] = value;
    else if (spec.required) throw missing(definition, name, spec);
  }
  // Each value was converted by the kind that its spec names, which is what the mapped type says.
  return options as OptionsOf<OptionSpecs>;
}

function missing(definition: CommandDefinition, name: string, spec: OptionSpec) {
  return usageError(
    'OPTION_MISSING',
    `/${definition.name} needs \`${name}\`: ${spec.summary}.`,
    `For example: ${definition.examples[0] ?? `/${definition.name} ${name}:…`}`,
  );
}

async function convert(
  name: string,
  spec: Exclude<OptionSpec, { kind: 'media' }>,
  raw: RawValue | undefined,
  context: ConversionContext,
): Promise<unknown> {
  if (raw === undefined) return undefined;
  const given = Array.isArray(raw) ? raw.join(' ') : String(raw);
  // A chat's own form brings its fields as they were pasted; the text form is clean already.
  const typed = spec.kind === 'text' ? cleanText(given) : cleanValue(cleanText(given));
  // An empty text (`link:""`) is a value: it takes away what is there.
  if (typed === '' && spec.kind !== 'text') return undefined;
  switch (spec.kind) {
    case 'text':
      if (spec.max !== undefined && typed.length > spec.max) {
        throw usageError(
          'OPTION_INVALID',
          `\`${name}\` has ${typed.length} characters; at most ${spec.max} are possible.`,
          'Shorten it.',
        );
      }
      return typed;
    case 'choice':
      return oneOf(
        name,
        typed,
        spec.choices.map((choice) => choice.value),
      );
    case 'integer': {
      const number = Number(typed);
      if (Number.isInteger(number) && number >= spec.min && number <= spec.max) return number;
      throw usageError(
        'OPTION_INVALID',
        `\`${name}\` is “${typed.slice(0, 40)}”; possible is a whole number from ${spec.min} to ${spec.max}.`,
        'Give such a number.',
      );
    }
    case 'switch':
      return typeof raw === 'boolean' ? raw : oneOf(name, typed, ['yes', 'no']) === 'yes';
    case 'moment':
      return spec.orNever && NEVER.test(typed.trim()) ? 'never' : momentOf(typed, context);
    case 'targets': {
      const { accounts } = context.services;
      if (!context.workspace) return undefined;
      return spec.signed
        ? accounts.resolveChange(context.workspace, typed)
        : accounts.resolve(context.workspace, typed);
    }
    case 'post':
      return context.workspace
        ? postOf({ services: context.services, workspace: context.workspace }, typed)
        : undefined;
  }
}

const NEVER = /^(?:never|none|no|off|-)$/i;

function oneOf(name: string, typed: string, possible: readonly string[]): string {
  const found = possible.find((value) => value.toLowerCase() === typed.trim().toLowerCase());
  if (found) return found;
  const near = nearestName(typed, possible);
  throw usageError(
    'OPTION_INVALID',
    `\`${name}\` cannot be “${typed.slice(0, 40)}”.${near ? ` Did you mean ${near}?` : ''}`,
    `Possible: ${possible.join(', ')}.`,
  );
}

function momentOf(typed: string, { workspace, clock }: ConversionContext): Moment {
  const zone = workspace?.timeZone ?? 'UTC';
  const locale = workspace?.locale ?? 'en-GB';
  const now = clock.now();
  const tell = (at: Date, inZone: string): string => echo(at, { now, zone: inZone, locale });
  const reading = momentOrError(typed, { now, zone, locale }, tell);
  return { at: reading.at, text: tell(reading.at, reading.zone), notes: reading.notes };
}

/** What the chat delivered, then what was named in the text: web addresses, and files where the person owns the machine. */
function mediaOf(
  raw: RawValue | undefined,
  delivered: readonly IncomingMedia[],
  context: ConversionContext,
): readonly IncomingMedia[] {
  const named = raw === undefined ? [] : Array.isArray(raw) ? raw : [String(raw)];
  return [
    ...delivered,
    ...named
      .filter((each: string) => each.trim() !== '')
      .map((each: string) => namedMedia(each.trim(), context)),
  ];
}

function namedMedia(typed: string, { filesAllowed }: ConversionContext): IncomingMedia {
  if (/^https?:\/\//i.test(typed)) return { kind: 'link', url: typed };
  if (filesAllowed && !/^[a-z][a-z0-9+.-]+:\/\//i.test(typed)) return { kind: 'file', path: typed };
  throw usageError(
    'MEDIA_LINK_REFUSED',
    `“${typed.slice(0, 80)}” is no web address.`,
    'Attach the file, or give an address that begins with https://.',
  );
}

/**
 * The first alt text belongs to the first medium, and so on. One without any medium is left to the command: it may be meant
 * for a picture that the post has already.
 */
function withAlts(media: readonly IncomingMedia[], raw: RawValue | undefined): readonly IncomingMedia[] {
  const alts = raw === undefined ? [] : Array.isArray(raw) ? raw : [String(raw)];
  if (alts.length > Math.max(media.length, 1)) {
    const found = media.length === 1 ? 'one picture or video' : `${media.length} pictures or videos`;
    throw usageError(
      'OPTION_INVALID',
      `There are ${alts.length} alt texts for ${found}.`,
      'Give one `alt` for each, in the same order.',
    );
  }
  return media.map((item, index) => (alts[index] ? { ...item, alt: alts[index] } : item));
}
