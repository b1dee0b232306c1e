/** Lateness of many deliveries due in the same second, beside plain Agenda with its best settings on the same kind of store, in the same run. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Figure, milliseconds, numberOption, percentile, printTable } from './figures.ts';
import { ACCOUNTS, type LatenessReport, type LatenessTask, WORKSPACES } from './lateness-load.ts';

const CHILD = fileURLToPath(new URL('./lateness-child.ts', import.meta.url));
const LOADS = [1_000, 10_000];
/** Plain Agenda's 99th percentile must be at least so many times ours. */
const TIMES_LESS = 5;

function measure(task: LatenessTask): Promise<LatenessReport> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [JSON.stringify(task)], { execArgv: ['--import', 'tsx'], stdio: 'inherit' });
    child.once('message', (report) => resolve(report as LatenessReport));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the side ${task.side} ended with ${code} and no report`)));
  });
}

export async function run(options: readonly string[]): Promise<readonly Figure[]> {
  const targets = numberOption(options, 'targets', 1);
  const only = numberOption(options, 'deliveries', 0);
  const rows: string[][] = [];
  const figures: Figure[] = [];
  for (const deliveries of only > 0 ? [only] : LOADS) {
    const p99: Partial<Record<LatenessTask['side'], number>> = {};
    for (const side of ['carillon', 'agenda'] as const) {
      const report = await measure({ side, deliveries, targets });
      const at = (part: number): string => milliseconds(percentile(report.lateness, part));
      p99[side] = percentile(report.lateness, 0.99);
      rows.push([
        `${deliveries} due at once, ${side}`,
        at(0.5),
        at(0.99),
        at(1),
        milliseconds(report.settledAfter),
        milliseconds(report.cpuMs),
      ]);
      for (const problem of report.problems) console.log(`  ${side}: ${problem}`);
    }
    const ratio = (p99.agenda ?? 0) / (p99.carillon ?? 1);
    figures.push({
      what: `plain Agenda's p99 to ours, ${deliveries} due at once`,
      value: `${ratio.toFixed(1)} : 1`,
      target: `≥ ${TIMES_LESS} : 1`,
      isMet: ratio >= TIMES_LESS,
    });
  }
  console.log(
    `  rehearsal accounts: ${ACCOUNTS} in ${WORKSPACES} workspaces; ${targets} ${targets === 1 ? 'account' : 'accounts'} a post`,
  );
  printTable(['', 'p50', 'p99', 'max', 'all settled and told', 'processor time'], rows);
  return figures;
}
