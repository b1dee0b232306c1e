/** A network that is played by the test: it keeps what was created, and does and answers what the test tells it beforehand. */
import type { Clock } from '../../src/core/clock.ts';
import { failure } from '../../src/core/errors.ts';
import type { Insights, InsightsContext } from '../../src/core/insights.ts';
import type { Issue } from '../../src/core/issue.ts';
import type {
  PublishContext,
  Publisher,
  PublishOutcome,
  ReconcileContext,
  ReconcileOutcome,
} from '../../src/core/publisher.ts';
import { type NetworkRules, validateBy } from '../../src/publishers/network-rules.ts';

/** What the played network does with the next creating calls, in order; when the list is empty it accepts. */
export type Behaviour = (context: PublishContext, create: () => string) => Promise<PublishOutcome>;

export interface PlayedNetwork extends Publisher {
  /** What stands on the network: the texts, with doubles if there are any. */
  readonly wall: {
    readonly delivery: string;
    readonly text: string;
    readonly at: Date;
    readonly account: string;
  }[];
  /** Behaviours of the next calls of publish. */
  readonly script: Behaviour[];
  /** What the next looks answer; when the list is empty the truth. */
  readonly looks: (ReconcileOutcome | Error)[];
  readonly reconciled: ReconcileContext[];
  /** What was asked to be counted, in order, and the next answers; when the list is empty one like. */
  readonly measured: InsightsContext[];
  readonly insightScript: ((context: InsightsContext) => Promise<Insights>)[];
  /** What was asked to be removed, in order, and what happens in the next such calls. */
  readonly removals: string[];
  readonly removalFaults: ((id: string) => Promise<void>)[];
  /** Broken rules beside the network's own. */
  issues: Issue[];
}

export function playedNetwork(rules: NetworkRules, clock: Pick<Clock, 'now'>): PlayedNetwork {
  const { network } = rules;
  const wall: { delivery: string; text: string; at: Date; account: string }[] = [];
  const script: Behaviour[] = [];
  const looks: (ReconcileOutcome | Error)[] = [];
  const reconciled: ReconcileContext[] = [];
  const measured: InsightsContext[] = [];
  const insightScript: ((context: InsightsContext) => Promise<Insights>)[] = [];
  const removals: string[] = [];
  const removalFaults: ((id: string) => Promise<void>)[] = [];
  const played: PlayedNetwork = {
    network,
    label: rules.label,
    capabilities: rules.capabilities,
    wall,
    script,
    looks,
    reconciled,
    measured,
    insightScript,
    removals,
    removalFaults,
    issues: [],
    validate: (content) => [...validateBy(rules, content), ...played.issues],
    async publish(context) {
      const create = (): string => {
        wall.push({
          delivery: context.deliveryId,
          text: context.content.text,
          at: clock.now(),
          account: context.account.id,
        });
        return `${network}-${wall.length}`;
      };
      const behave = script.shift() ?? accept;
      return behave(context, create);
    },
    async reconcile(context) {
      reconciled.push(context);
      const answer = looks.shift();
      if (answer instanceof Error) throw answer;
      if (answer) return answer;
      const index = wall.findIndex((each) => each.delivery === context.deliveryId);
      return index >= 0
        ? { state: 'published', id: `${network}-${index + 1}`, url: `https://${network}.test/${index + 1}` }
        : { state: 'absent' };
    },
    async insights(context) {
      measured.push(context);
      const behave = insightScript.shift();
      return behave ? behave(context) : { numbers: { likes: 1 }, at: clock.now(), notes: [] };
    },
    locate: async ({ url }) => ({ id: url.pathname.split('/').at(-1) ?? '' }),
    async remove({ id }) {
      removals.push(id);
      await removalFaults.shift()?.(id);
    },
    identify: async () => ({ remoteId: '1', handle: '@acme', name: 'Acme' }),
  };
  return played;
}

export const accept: Behaviour = async (context, create) => {
  await context.creating({ text: context.content.text, mediaCount: 0 });
  const id = create();
  return { state: 'published', id, url: `https://network.test/${id}` };
};

/** The answer is lost after the effect. */
export const loseAnswer: Behaviour = async (context, create) => {
  await context.creating({ text: context.content.text, mediaCount: 0 });
  create();
  throw failure('OutcomeUnknown', {
    code: 'OUTCOME_UNKNOWN',
    message: 'The connection broke.',
    hint: 'It is looked for.',
  });
};

/** The connection breaks before the effect. */
export const loseRequest: Behaviour = async (context) => {
  await context.creating({ text: context.content.text, mediaCount: 0 });
  throw failure('OutcomeUnknown', {
    code: 'OUTCOME_UNKNOWN',
    message: 'The connection broke.',
    hint: 'It is looked for.',
  });
};

export const failBefore =
  (error: Error): Behaviour =>
  async () => {
    throw error;
  };

export const refuse =
  (error: Error): Behaviour =>
  async (context) => {
    await context.creating({ text: context.content.text, mediaCount: 0 });
    throw error;
  };
