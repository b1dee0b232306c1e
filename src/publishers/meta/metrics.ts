/** Reads the metrics of one thing that was published on Facebook or Instagram. */
import { z } from 'zod';
import { ask, type MetaSession } from './ask.ts';
import { rowOf } from './codes.ts';
import { MetaFailure } from './failure.ts';

const number = z.number().optional().catch(undefined);
const answer = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      values: z.array(z.object({ value: number })).optional(),
      total_value: z.object({ value: number }).optional(),
    }),
  ),
});

export interface Metrics {
  /** By Meta's own names; a metric without data is absent. */
  readonly values: ReadonlyMap<string, number>;
  /** Why there are none, in Meta's own sentence; absent when they could be asked for. */
  readonly refused?: string;
}

/**
 * One call for all of them. A metric that Meta has withdrawn fails the whole call, so they are then asked for one by one.
 * @param path the thing's id and edge, such as `123_456/insights`
 */
export async function readMetrics(
  session: MetaSession,
  path: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Metrics> {
  try {
    const call = { method: 'GET', path, query: { metric: names.join(',') } } as const;
    const { data } = await ask(session, call, answer, signal);
    return { values: new Map(data.flatMap((each) => numbersIn(each))) };
  } catch (error) {
    if (!(error instanceof MetaFailure)) throw error;
    const { problem } = error.facts;
    const isPermission = rowOf(error.facts, session.network)?.means === 'permission';
    if (isPermission) return { values: new Map(), refused: problem?.sentence ?? '' };
    const isWithdrawn = problem?.code === 100 && problem.subcode !== 33;
    if (!isWithdrawn) throw error;
    if (names.length === 1) return { values: new Map() };
  }
  const each = await Promise.all(names.map((name) => readMetrics(session, path, [name], signal)));
  return { values: new Map(each.flatMap(({ values }) => [...values])) };
}

function numbersIn({
  name,
  values = [],
  total_value,
}: z.infer<typeof answer>['data'][number]): [string, number][] {
  const value = values.at(-1)?.value ?? total_value?.value;
  return value === undefined ? [] : [[name, value]];
}

/** True when Meta's own word is that there is no such thing. */
export function isGone(error: unknown): boolean {
  const problem = error instanceof MetaFailure ? error.facts.problem : undefined;
  return problem?.code === 100 && problem.subcode === 33;
}
