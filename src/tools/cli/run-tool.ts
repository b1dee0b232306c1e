/** What the command lines of the tools have in common: arguments, progress, the result, and errors in words. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEnvironment, readConfig } from '../../config.ts';
import { CarillonError } from '../../core/errors.ts';
import { DatabaseLocked, StorageError } from '../../embedded/maintenance.ts';
import { type Progress, progressOn } from '../progress.ts';
import { Refusal } from '../refusal.ts';

export interface Call {
  /** The one argument, when the tool takes one. */
  readonly argument: string;
  readonly flags: ReadonlySet<string>;
  readonly dataDirectory: string;
  /** True when the bot's data lie on a server, by MONGODB_URI. */
  readonly usesServer: boolean;
  readonly now: Date;
  readonly progress: Progress;
}

export interface Tool {
  readonly usage: string;
  /** What the one argument is; absent when there is none. */
  readonly argument?: string;
  readonly flags: readonly string[];
  /** Answers what is said at the end. */
  run(call: Call): Promise<string>;
}

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;

/** Runs a tool with the arguments of this process, and sets its exit code: 0 done, 1 not done, 2 called wrongly. */
export async function runTool(tool: Tool): Promise<void> {
  const line = progressOn(process.stderr);
  try {
    const call = readArguments(tool);
    if (call === 'help') {
      process.stdout.write(`${tool.usage}\n`);
      return;
    }
    const config = readConfig(loadEnvironment());
    const said = await tool.run({
      ...call,
      dataDirectory: resolve(config.dataDirectory),
      usesServer: config.mongodbUri !== undefined,
      now: new Date(),
      progress: line.tell,
    });
    line.end();
    process.stdout.write(`${said}\n`);
  } catch (error) {
    line.end();
    process.stderr.write(`${explain(error, tool)}\n`);
    process.exitCode = error instanceof UsageFault ? EXIT_USAGE : EXIT_REFUSED;
  }
}

class UsageFault extends Error {}

function readArguments(tool: Tool): Pick<Call, 'argument' | 'flags'> | 'help' {
  const options = Object.fromEntries(
    [...tool.flags, 'help'].map((name) => [name, { type: 'boolean' as const }]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageFault((error as Error).message, { cause: error });
  }
  const flags = new Set(Object.keys(parsed.values));
  if (flags.has('help')) return 'help';
  const [argument, ...more] = parsed.positionals;
  if (tool.argument !== undefined && argument === undefined)
    throw new UsageFault(`${tool.argument} is missing`);
  const surplus = tool.argument === undefined ? argument : more[0];
  if (surplus !== undefined) throw new UsageFault(`there is one argument too many: ${surplus}`);
  return { argument: argument ?? '', flags };
}

function explain(error: unknown, tool: Tool): string {
  if (error instanceof UsageFault) return `${error.message}\n${tool.usage}`;
  if (error instanceof CarillonError) return `${error.message}\n${error.hint}`;
  if (error instanceof Refusal || error instanceof DatabaseLocked || error instanceof StorageError)
    return error.message;
  if (!(error instanceof Error)) return String(error);
  // The system's and the driver's errors are about the world outside; any other is a fault of ours, and needs its place.
  const isOutside = 'code' in error || error.name.startsWith('Mongo');
  return isOutside ? error.message : (error.stack ?? error.message);
}

/** Error: Refusal when the data are not in the data folder, so that the tool would work on an old or empty one. */
export function refuseServer({ usesServer }: Call, instead: string): void {
  if (usesServer) throw new Refusal(`MONGODB_URI is set, so the data are on that server: ${instead}`);
}

/** Bytes as people read them. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A line about media that were damaged before; empty when there are none. */
export function damagedLine(damaged: readonly string[]): string {
  return damaged.length === 0
    ? ''
    : `\nAttention: the content of these media was damaged already, they will be missing: ${damaged.join(', ')}`;
}
