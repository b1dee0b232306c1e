/** The real X publisher against its simulator, under everything of core on a virtual clock: what a person types, and what stands on X. */
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { type Stage, useStages } from '../../helpers/stage.ts';
import { startXSimulator, type XSimulator } from '../../simulators/x/server.ts';

export interface XStage {
  readonly stage: Stage;
  readonly x: XSimulator;
}

/** Stages for the tests of a file; each has an X of its own, which ends with the test. */
export function useXStages(): (settings?: Parameters<typeof startXSimulator>[0]) => Promise<XStage> {
  const createStage = useStages();
  return async (settings) => {
    let clock: Clock | undefined;
    const x = await startXSimulator({ now: () => clock?.now() ?? new Date(), ...settings });
    onTestFinished(() => x.stop());
    const stage = await createStage({
      x: {
        remoteId: x.user.id,
        publisher: (own) => {
          clock = own;
          return createXPublisher({ credentials: x.credentials, apiUrl: x.url }, own);
        },
      },
    });
    return { stage, x };
  };
}
