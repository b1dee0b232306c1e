/** What the Tab key offers: commands, options of a command, and values of an option (asked of the desk). */
import type { CommandDefinition, OptionSpec, OptionSpecs } from '../../core/command.ts';
import { openOption, restOption, type ScannedOption, scanCommandText } from '../../core/command-text-scan.ts';
import { completePath } from './paths.ts';
import type { Candidate, Completion } from './surface.ts';

/** Asks for values of an option; `ChatDesk.complete` with the caller filled in. */
export type ValueSource = (
  command: string,
  option: string,
  typed: string,
  given: Readonly<Record<string, string>>,
) => Promise<readonly { value: string; label: string }[]>;

export interface LocalCommand {
  readonly name: string;
  readonly summary: string;
}

const NONE: Completion = { from: 0, candidates: [] };
const COMMAND = /^\s*\/(\S*)$/;
const COMMAND_AND_TEXT = /^\s*\/(\S+)\s/;
const NEEDS_QUOTES = /[\s"'“”„«»‘’‚]/;

const quoted = (value: string): string => `"${value.replace(/["\\]/g, (character) => `\\${character}`)}"`;
const shortened = (words: string): string => words.replace(/\s+/g, ' ');

function completeCommand(typed: string, from: number, commands: readonly LocalCommand[]): Completion {
  const begun = typed.toLowerCase();
  const candidates = commands
    .filter(({ name }) => name.startsWith(begun))
    .map(({ name, summary }): Candidate => ({ insert: `/${name} `, shown: `/${name}`, note: summary }));
  return { from, candidates };
}

function completeName(
  specs: OptionSpecs,
  given: ReadonlySet<string>,
  typed: string,
  from: number,
): Completion {
  const begun = typed.toLowerCase();
  const candidates = Object.entries(specs)
    .filter(
      ([name, spec]) =>
        name.startsWith(begun) && (spec.kind === 'media' || name === 'alt' || !given.has(name)),
    )
    .filter(([, spec]) => !(spec.kind === 'text' && spec.rest === true))
    .map(([name, spec]): Candidate => ({ insert: `${name}:`, shown: `${name}:`, note: spec.summary }));
  return { from, candidates };
}

/** Values that are known without asking. */
function knownValues(
  spec: OptionSpec,
  typed: string,
): readonly { value: string; label: string }[] | undefined {
  const begun = typed.toLowerCase();
  if (spec.kind === 'switch')
    return ['yes', 'no'].filter((word) => word.startsWith(begun)).map((value) => ({ value, label: '' }));
  if (spec.kind === 'choice')
    return spec.choices.filter(
      ({ value, label }) => value.toLowerCase().startsWith(begun) || label.toLowerCase().startsWith(begun),
    );
  return undefined;
}

interface ValuePlace {
  readonly option: string;
  readonly typed: string;
  /** What stands before it in the command. */
  readonly given: Readonly<Record<string, string>>;
  readonly from: number;
  /** Free text and ids without a name stand as they are; values after `name:` need quotes around blanks. */
  readonly bare: boolean;
}

async function completeValue(
  definition: CommandDefinition,
  place: ValuePlace,
  values: ValueSource,
): Promise<Completion> {
  const { option, typed, given, from, bare } = place;
  const spec = definition.options[option];
  if (!spec) return NONE;
  if (spec.kind === 'media') {
    const paths = await completePath(typed);
    const candidates = paths.map(({ path, folder }): Candidate => {
      const written = NEEDS_QUOTES.test(path) ? quoted(path) : path;
      // A folder stays open, so that the next Tab looks into it.
      return { insert: folder ? written.replace(/"$/, '') : `${written} `, shown: path };
    });
    return { from, candidates };
  }
  // Earlier members of a list stay as they were typed.
  const head = spec.kind === 'targets' ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  const found = knownValues(spec, typed) ?? (await values(definition.name, option, typed, given));
  const candidates = found.map(({ value, label }): Candidate => {
    const whole = value.startsWith(head) ? value : head + value;
    const written = !bare && NEEDS_QUOTES.test(whole) ? quoted(whole) : whole;
    const shown = shortened(whole);
    // Labels are also made for chats that show nothing else, and may begin with the value.
    const words = shortened(label);
    const note = (words.startsWith(shown) ? words.slice(shown.length) : words).trim();
    return { insert: `${written} `, shown, ...(note === '' ? {} : { note }) };
  });
  return { from, candidates };
}

const valuesOf = (options: readonly ScannedOption[]): Readonly<Record<string, string>> =>
  Object.fromEntries(options.map(({ name, value }) => [name, value]));

const isUnfinished = (option: ScannedOption, spec: OptionSpec | undefined, text: string): boolean =>
  (option.end === text.length && !(option.quoted && option.closed)) ||
  (spec?.kind === 'targets' &&
    !option.quoted &&
    option.value.endsWith(',') &&
    text.slice(option.end).trim() === '');

/** What could stand at the end of `line`, which is cut off at the cursor. */
export async function completeLine(
  line: string,
  commands: readonly CommandDefinition[],
  localCommands: readonly LocalCommand[],
  values: ValueSource,
): Promise<Completion> {
  if (line.trim() === '') return completeCommand('', line.length, [...commands, ...localCommands]);
  const name = COMMAND.exec(line);
  if (name) return completeCommand(name[1] ?? '', line.indexOf('/'), [...commands, ...localCommands]);
  const begun = COMMAND_AND_TEXT.exec(line);
  const definition = commands.find((command) => command.name === begun?.[1]?.toLowerCase());
  if (!begun || !definition) return NONE;
  const offset = begun[0].length;
  const text = line.slice(offset);
  const specs = definition.options;
  const { options, restStart } = scanCommandText(specs, text);
  const last = options.at(-1);
  if (last && isUnfinished(last, specs[last.name], text)) {
    const bare = last.start === last.valueStart;
    return completeValue(
      definition,
      {
        option: last.name,
        typed: last.value,
        given: valuesOf(options.slice(0, -1)),
        from: offset + last.valueStart,
        bare,
      },
      values,
    );
  }
  const given = new Set(options.map((option) => option.name));
  if (restStart === undefined) return completeName(specs, given, '', line.length);
  const rest = text.slice(restStart);
  const from = offset + restStart;
  const names = /\s/.test(rest) ? NONE : completeName(specs, given, rest, from);
  if (names.candidates.length > 0 || restOption(specs) !== undefined) return names;
  const open = openOption(specs, (option) => given.has(option));
  return open === undefined
    ? NONE
    : completeValue(
        definition,
        { option: open, typed: rest, given: valuesOf(options), from, bare: true },
        values,
      );
}
