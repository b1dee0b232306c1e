/** What the program has printed so far, and waiting for what it will: in a process of its own or in this one. */

/** Longer than anything here takes on a busy machine; a test that waits so long says what it saw. */
const PATIENCE_MS = 25_000;

export interface LogEntry {
  readonly level: string;
  readonly msg: string;
  readonly web?: string;
  readonly [fact: string]: unknown;
}

export interface Printed {
  /** Everything on standard output so far. */
  readonly output: string;
  /** Everything on standard error so far. */
  readonly errors: string;
  /** Lines for people on standard output: what is no log entry. */
  readonly lines: readonly string[];
  readonly log: readonly LogEntry[];
  /** Waits until standard output matches; answers the match. `from` leaves out what stood before that place. */
  sees(what: RegExp | string, from?: number): Promise<RegExpExecArray>;
  logs(what: RegExp | string): Promise<LogEntry>;
  /** Waits for a condition, looking at it after everything that is printed. */
  until<Value>(what: string, condition: () => Value | undefined | false): Promise<Value>;
}

export interface Printer {
  readonly printed: Printed;
  /** Takes what came on that stream. */
  take(stream: 'output' | 'errors', chunk: string): void;
  /** Nothing will come any more: whoever waits is told so. */
  end(): void;
}

export function createPrinter(): Printer {
  const text = { output: '', errors: '' };
  const rest = { output: '', errors: '' };
  const lines: string[] = [];
  const log: LogEntry[] = [];
  const watchers = new Set<() => void>();
  let isOver = false;
  const changed = (): void => {
    for (const look of [...watchers]) look();
  };

  const until: Printed['until'] = (what, condition) =>
    new Promise((resolve, reject) => {
      const over = (): void => {
        clearTimeout(timer);
        watchers.delete(look);
      };
      const seen = (): string =>
        `\n--- output\n${text.output.slice(-4000)}\n--- errors\n${text.errors.slice(-4000)}`;
      const look = (): void => {
        try {
          const value = condition();
          if (value !== undefined && value !== false) resolve(value);
          else if (isOver) reject(new Error(`The program ended before ${what}.${seen()}`));
          else return;
        } catch (error) {
          reject(error);
        }
        over();
      };
      const timer = setTimeout(() => {
        over();
        reject(new Error(`The program ran ${PATIENCE_MS} ms without ${what}.${seen()}`));
      }, PATIENCE_MS);
      watchers.add(look);
      look();
    });

  return {
    printed: {
      get output() {
        return text.output;
      },
      get errors() {
        return text.errors;
      },
      lines,
      log,
      sees: (what, from = 0) => {
        const pattern = typeof what === 'string' ? new RegExp(escaped(what)) : what;
        return until(`printing ${pattern}`, () => pattern.exec(text.output.slice(from)) ?? undefined);
      },
      logs: (what) =>
        until(`logging ${what}`, () =>
          log.find(({ msg }) => (typeof what === 'string' ? msg === what : what.test(msg))),
        ),
      until,
    },
    take(stream, chunk) {
      text[stream] += chunk;
      const parts = (rest[stream] + chunk).split('\n');
      rest[stream] = parts.pop() ?? '';
      for (const line of parts) {
        const entry = line.startsWith('{"level"') ? asEntry(line) : undefined;
        if (entry) log.push(entry);
        else if (stream === 'output') lines.push(line);
      }
      changed();
    },
    end() {
      isOver = true;
      changed();
    },
  };
}

function asEntry(line: string): LogEntry | undefined {
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    // Something else that begins alike; it counts as a line.
    return undefined;
  }
}

const escaped = (words: string): string => words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
