/** Agenda's collection as we use it: names of jobs, their data, and the indexes that keep polling cheap. */
import type { JobParameters } from 'agenda';
import type { Connection } from 'mongoose';

export const JOBS = 'agendaJobs';
export const PUBLISH_POST = 'publish-post';
export const SWEEP = 'sweep';

/** Ids only: a wake-up call, never the truth. `type`, not `interface`: Agenda wants an index signature. */
export type AlarmData = { readonly postId: string; readonly at: Date };

type Collection = ReturnType<NonNullable<Connection['db']>['collection']>;

export async function ensureAlarmIndexes(jobs: Collection): Promise<void> {
  await jobs.createIndexes([
    // Agenda's own index serves one branch of its poll only; without this one the other branch reads every job.
    { key: { name: 1, lockedAt: 1 }, name: 'poll_locks' },
    // Agenda makes no unique index for unique(): two processes could set the same alarm twice.
    {
      key: { name: 1, 'data.postId': 1, 'data.at': 1 },
      name: 'one_alarm_per_moment',
      unique: true,
      partialFilterExpression: { name: PUBLISH_POST },
    },
  ]);
}

/** Parameters that Agenda stores as null when a job has none. */
const NULL_WHEN_ABSENT = [
  'lockedAt',
  'lastFinishedAt',
  'failedAt',
  'failCount',
  'failReason',
  'repeatTimezone',
  'lastRunAt',
  'repeatInterval',
  'repeatAt',
  'disabled',
  'progress',
  'debounceStartedAt',
  'fork',
  'startDate',
  'endDate',
  'skipDays',
] as const satisfies readonly (keyof JobParameters)[];

/** A new job as Agenda itself would store it (saveJob of MongoJobRepository in @agendajs/mongo-backend). */
export function jobDocument(job: Partial<JobParameters>, lastModifiedBy: string): Record<string, unknown> {
  const { _id, unique, uniqueOpts, ...stored } = job;
  return { ...Object.fromEntries(NULL_WHEN_ABSENT.map((name) => [name, null])), ...stored, lastModifiedBy };
}
