/** What benches share: figures with their targets, tables, percentiles, options. */

/** One measured value. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** What it must be, in words; absent where the figure is there for comparison only. */
  readonly target?: string;
  readonly isMet?: boolean;
}

/** Ten to the sixth: the stricter reading of a bound in MB. */
export const MB = 1_000_000;

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`;

/** A figure that must stay under a bound. */
export function below(what: string, value: number, bound: number, show: (value: number) => string): Figure {
  return { what, value: show(value), target: `< ${show(bound)}`, isMet: value < bound };
}

/** The value below which the share `part` (0 to 1) of the values lies; nearest rank. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Prints rows in columns: the first to the left, the others to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all) {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(`  ${cells.join('  ').trimEnd()}`);
  }
}

/** Prints figures with their targets, and answers them. */
export function printFigures(figures: readonly Figure[]): readonly Figure[] {
  printTable(
    ['', 'measured', 'target', ''],
    figures.map(({ what, value, target, isMet }) => [
      what,
      value,
      target ?? '',
      isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
    ]),
  );
  return figures;
}

/** The number after `--name`; the fallback when it is not given. */
export function numberOption(options: readonly string[], name: string, fallback: number): number {
  const at = options.indexOf(`--${name}`);
  if (at < 0) return fallback;
  const value = Number(options[at + 1]);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`--${name} is “${options[at + 1]}”; possible is a number above 0.`);
  return value;
}
