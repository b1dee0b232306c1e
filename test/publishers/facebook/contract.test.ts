import { createFacebookPublisher } from '../../../src/publishers/facebook/publisher.ts';
import { publisherContract } from '../../contract/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content, mediaItem } from '../../helpers/publishing.ts';
import { startFacebookSimulator } from '../../simulators/meta/facebook.ts';
import { settingsFor } from './harness.ts';

publisherContract('facebook', async () => {
  const clock = createManualClock();
  // Doubles are let in, so that they can be counted.
  const simulator = await startFacebookSimulator({ now: () => clock.now(), duplicates: 'allowed' });
  return {
    publisher: createFacebookPublisher(settingsFor(simulator), clock),
    account: account('facebook', { remoteId: simulator.pageId }),
    clock,
    smallest: content({ text: 'The bells & the café: https://example.com/bells?a=1&b=2' }),
    withMedia: content({ text: 'With pictures' }, [
      mediaItem('image', { name: 'a.jpg', alt: 'A bell' }),
      mediaItem('image', { name: 'b.jpg', bytes: 4_500_000 }),
    ]),
    created: async () => simulator.created(),
    breakCreating: (when) => simulator.faults.next('POST', /\/feed$/, { do: 'drop', when }),
    secrets: [simulator.token],
    stop: simulator.stop,
  };
});
