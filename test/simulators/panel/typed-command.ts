/** A line as people type it where a command has no fields: `/name option:value option:"several words" the rest`. */

interface OptionSpec {
  readonly name: string;
  readonly type: number;
}

/** Discord's types of options: https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type */
const TEXT = 3;
const INTEGER = 4;
const SWITCH = 5;

/** Name and fields of a line that begins with `/`; the rest fills `text`, or the first field for text that is empty. */
export function readTyped(
  line: string,
  optionsOf: (command: string) => readonly OptionSpec[],
): { readonly name: string; readonly given: Readonly<Record<string, string | number | boolean>> } {
  const [, name = '', typed = ''] = /^\/(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  const options = optionsOf(name);
  const given: Record<string, string | number | boolean> = {};
  let rest = typed;
  for (;;) {
    const found = /^([a-z0-9_]+):(?:"([^"]*)"|(\S+))\s*/.exec(rest);
    const option = options.find((each) => each.name === found?.[1]);
    if (!found || !option) break;
    given[option.name] = typedValue(option, found[2] ?? found[3] ?? '');
    rest = rest.slice(found[0].length);
  }
  const free = options.filter((option) => option.type === TEXT && given[option.name] === undefined);
  const last = free.find((option) => option.name === 'text') ?? free[0];
  if (rest.trim() !== '' && last) given[last.name] = rest.trim();
  return { name, given };
}

function typedValue({ type }: OptionSpec, typed: string): string | number | boolean {
  if (type === INTEGER) return Number(typed);
  return type === SWITCH ? ['yes', 'true', 'on'].includes(typed.toLowerCase()) : typed;
}
