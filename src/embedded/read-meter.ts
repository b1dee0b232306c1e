// What a running read has looked at, and the time that it may still take.
import { MongoError } from './errors.ts';

/** Steps between two looks at the clock: some hundred microseconds of work. */
const STEPS = 64;

export class ReadMeter {
  documentsExamined = 0;
  keysExamined = 0;
  /** Milliseconds since 1970 after which the read gives up; Infinity without a limit. */
  deadline: number;
  #steps = 0;

  constructor(deadline: number) {
    this.deadline = deadline;
  }

  countKey(): void {
    this.keysExamined += 1;
    this.step();
  }

  countDocument(): void {
    this.documentsExamined += 1;
    this.step();
  }

  /** To be called within every loop that can be long. @throws MongoError 50 when the time is over */
  step(): void {
    if (++this.#steps % STEPS === 0 && performance.now() > this.deadline) throw timeExceeded();
  }
}

/** Code 50: a read has passed its maxTimeMS. */
export function timeExceeded(): MongoError {
  return new MongoError(50, 'operation exceeded time limit');
}
