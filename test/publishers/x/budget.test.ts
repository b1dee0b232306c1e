/** The allowance of calls over a restart: the real publisher, its simulator, and the budget in the database. */
import { expect, it } from 'vitest';
import { createBudgetKeeper } from '../../../src/app/budget-keeper.ts';
import { type Clock, MINUTE, SECOND } from '../../../src/core/clock.ts';
import type { Publisher } from '../../../src/core/publisher.ts';
import type { Stores } from '../../../src/core/stores.ts';
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { recordingLog } from '../../helpers/publishing.ts';
import { idIn, wordsOf } from '../../helpers/replies.ts';
import { useStages } from '../../helpers/stage.ts';
import { startXSimulator } from '../../simulators/x/server.ts';

const createStage = useStages();

/** A stage whose program is started anew with `restart`, its X publisher with it; each process beside it has one of its own. */
async function start(t: { onTestFinished(done: () => Promise<void>): void }) {
  const x = await startXSimulator({ now: () => stage.clock.now(), duplicates: 'allowed' });
  t.onTestFinished(() => x.stop());
  const connect = async (clock: Clock, budgets: Stores['budgets']) => {
    const keeper = createBudgetKeeper({ budgets, alone: false, clock, log: recordingLog([]) });
    const budget = await keeper.open('x.test');
    const publisher = createXPublisher({ credentials: x.credentials, apiUrl: x.url, budget }, clock);
    return { publisher, flush: keeper.flush };
  };
  const connections: Awaited<ReturnType<typeof connect>>[] = [];
  const live = async (clock: Clock, _random: unknown, { budgets }: Stores): Promise<readonly Publisher[]> => {
    const index = connections.push(await connect(clock, budgets)) - 1;
    const current = () => connections[index]!.publisher;
    return [
      {
        ...current(),
        publish: (context) => current().publish(context),
        reconcile: (context) => current().reconcile(context),
        // The account that the stage has already.
        identify: async () => ({ remoteId: '1', handle: '@acme', name: 'Acme' }),
      },
    ];
  };
  const stage = await createStage({ live });
  const restart = async (): Promise<void> => {
    await connections[0]?.flush();
    connections[0] = await connect(stage.clock, stage.stores.budgets);
    await stage.restart();
  };
  const creations = () =>
    x.requests.filter(({ method, path }) => method === 'POST' && path === '/2/tweets').length;
  return { stage, x, restart, creations };
}

it('is not forgotten: what is used up is not asked for again, and goes on by itself at the reset', async (t) => {
  const { stage, x, restart, creations } = await start(t);
  x.setLimit('POST /2/tweets', 2);
  await stage.type('/post to:x One');
  await stage.pass(0);
  await stage.type('/post to:x Two');
  await stage.pass(0);
  await restart();
  const id = idIn(await stage.type('/post to:x Three'));
  await stage.pass(MINUTE);
  // Not one call more than X allows, and no attempt is written down in vain.
  expect(creations()).toBe(2);
  const [held] = await stage.stores.deliveries.ofPost(stage.workspaceId, id);
  expect(held).toMatchObject({ state: 'scheduled', failures: 0 });
  expect(held?.attempts.some(({ intent }) => intent)).toBe(false);
  const card = wordsOf(await stage.type(`/show post:#${id}`));
  expect(card).toContain('Calls to X are held back');
  expect(card).toContain('Goes on Tue, 24 Nov 2026, 10:15 Europe/Rome');
  expect(wordsOf(await stage.type('/accounts'))).toContain('Calls to X are held back');
  await stage.pass(15 * MINUTE);
  expect(x.tweets().map(({ text }) => text)).toEqual(['One', 'Two', 'Three']);
  expect(creations()).toBe(3);
});

it('holds nothing back once the window is over, however long the program was away', async (t) => {
  const { stage, x, restart, creations } = await start(t);
  x.setLimit('POST /2/tweets', 1);
  await stage.type('/post to:x One');
  await stage.pass(20 * MINUTE);
  await restart();
  await stage.type('/post to:x Two');
  await stage.pass(0);
  expect(x.tweets()).toHaveLength(2);
  expect(creations()).toBe(2);
});

it('is known to every process that uses the same credentials: what one has used up, another does not ask for', async (t) => {
  const { stage, x, creations } = await start(t);
  const other = await stage.beside();
  x.setLimit('POST /2/tweets', 2);
  for (const text of ['One', 'Two']) {
    await stage.type(`/post to:x ${text}`);
    await stage.pass(0);
  }
  await stage.pass(10 * SECOND);
  const id = idIn(await other.type('/post to:x Three'));
  await stage.pass(MINUTE);
  expect(creations()).toBe(2);
  expect(wordsOf(await other.type(`/show post:#${id}`))).toContain('Calls to X are held back');
  await stage.pass(15 * MINUTE);
  expect(x.tweets().map(({ text }) => text)).toEqual(['One', 'Two', 'Three']);
  expect(creations()).toBe(3);
});
