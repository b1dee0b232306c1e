/** How far a tool is: one line that is redrawn on a terminal, a line now and then elsewhere. */

/** Tells a stage, and how much of it is done where that is known. */
export type Progress = (stage: string, done?: number, total?: number) => void;

/** Redrawn at most this often, in milliseconds. */
const TERMINAL_MS = 100;
const LOG_MS = 3_000;
const CLEAR_LINE = '\r\x1b[2K';

export interface ProgressLine {
  readonly tell: Progress;
  /** Takes the line away. */
  end(): void;
}

/** Writes to a stream; numbers that count bytes are told in MB by the stage that sends them. */
export function progressOn(stream: NodeJS.WriteStream): ProgressLine {
  let stageShown = '';
  let shownAt = 0;
  return {
    tell(stage, done, total) {
      const now = performance.now();
      const isNew = stage !== stageShown;
      const isLast = done !== undefined && done === total;
      if (!isNew && !isLast && now - shownAt < (stream.isTTY ? TERMINAL_MS : LOG_MS)) return;
      stageShown = stage;
      shownAt = now;
      const share = done === undefined || !total ? '' : ` ${Math.floor((100 * done) / total)} %`;
      stream.write(stream.isTTY ? `${CLEAR_LINE}${stage}${share}` : `${stage}${share}\n`);
    },
    end() {
      if (stream.isTTY && stageShown !== '') stream.write(CLEAR_LINE);
    },
  };
}
