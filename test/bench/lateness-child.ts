/** The process that lateness.bench.ts measures: one side, one load, nothing warm from before. */
import { runAgenda } from './lateness-agenda.ts';
import { runCarillon } from './lateness-carillon.ts';
import type { LatenessTask } from './lateness-load.ts';

const task = JSON.parse(process.argv[2] ?? '{}') as LatenessTask;
const report = await (task.side === 'agenda' ? runAgenda(task) : runCarillon(task));
if (process.send) process.send(report, () => process.exit(0));
else {
  const { lateness, ...rest } = report;
  const sorted = [...lateness].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1];
  console.log(task.side, task.deliveries, {
    first: sorted[0],
    p50: at(0.5),
    p99: at(0.99),
    max: sorted.at(-1),
    ...rest,
  });
  process.exit(0);
}
