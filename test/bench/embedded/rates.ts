/** Operations per second: one after another, and 50 in flight. */
import { documentOf, type Side } from './sides.ts';

const IN_FLIGHT = 50;
const MANY = 1_000;
/** The sides take turns, so that a busy machine is as busy for one as for the other; the best turn of each counts. */
const TURNS = 3;

export interface Row {
  readonly what: string;
  /** Per second, in the order of the sides; undefined for what a side does not do. */
  readonly rates: readonly (number | undefined)[];
}

interface Kind {
  readonly what: string;
  readonly workers: number;
  /** Documents of one call. */
  readonly each: number;
  /** Waits for no disk: where no wire is between, the time of the processor is taken, which a busy machine does not stretch, nor the time to warm up. */
  readonly isRead: boolean;
  readonly work: (side: Subject) => (() => Promise<unknown>) | undefined;
}

/** A side and the number of documents that it holds. */
interface Subject {
  readonly side: Side;
  next: number;
}

const any = ({ next }: Subject): number => Math.floor(Math.random() * next);

const SINGLE: Readonly<Record<string, Kind['work']>> = {
  insert: (subject) => () => subject.side.insert(documentOf(subject.next++)),
  'find by id': (subject) => () => subject.side.findById(`D${any(subject)}`),
  'indexed find': (subject) => () => subject.side.findByNumber(any(subject)),
  findAndModify: (subject) => () => subject.side.findAndModify(any(subject)),
  ping: ({ side }) => side.ping && (() => side.ping?.() ?? Promise.resolve()),
};

const IS_READ = /find by id|indexed find/;

const KINDS: readonly Kind[] = [
  {
    what: `insertMany(${MANY})`,
    workers: 1,
    each: MANY,
    isRead: false,
    work: (subject) => () =>
      subject.side.insertMany(Array.from({ length: MANY }, () => documentOf(subject.next++))),
  },
  ...Object.entries(SINGLE).flatMap(([what, work]): Kind[] => [
    { what: `${what}, one after another`, workers: 1, each: 1, isRead: IS_READ.test(what), work },
    {
      what: `${what}, ${IN_FLIGHT} in flight`,
      workers: IN_FLIGHT,
      each: 1,
      isRead: IS_READ.test(what),
      work,
    },
  ]),
];

/** Each kind of work for `milliseconds` on every side, after as long to warm up. */
export async function ratesOf(sides: readonly Side[], milliseconds: number): Promise<readonly Row[]> {
  const subjects = sides.map((side): Subject => ({ side, next: 0 }));
  const rows: Row[] = [];
  for (const { what, workers, each, isRead, work } of KINDS) {
    const works = subjects.map((subject) => work(subject));
    const best: (number | undefined)[] = [];
    for (const turn of Array.from({ length: TURNS + 1 }, (_, index) => index)) {
      for (const [index, action] of works.entries()) {
        if (!action) continue;
        const clock = isRead && !sides[index]?.ping ? processorMilliseconds : () => performance.now();
        const rate = await rateOf(action, workers, turn === 0 ? milliseconds : milliseconds / TURNS, clock);
        if (turn > 0) best[index] = Math.max(best[index] ?? 0, rate * each);
      }
    }
    rows.push({ what, rates: works.map((_, index) => best[index]) });
  }
  return rows;
}

async function rateOf(
  action: () => Promise<unknown>,
  workers: number,
  milliseconds: number,
  clock: () => number,
): Promise<number> {
  const begin = clock();
  let done = 0;
  const line = async (): Promise<void> => {
    while (clock() - begin < milliseconds) {
      await action();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, line));
  return (done * 1000) / (clock() - begin);
}

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
