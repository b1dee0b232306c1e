import { createXPublisher } from '../../../src/publishers/x/publisher.ts';
import { publisherContract } from '../../contract/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content, mediaItem } from '../../helpers/publishing.ts';
import { startXSimulator } from '../../simulators/x/server.ts';

publisherContract('x', async () => {
  const clock = createManualClock();
  // Doubles are let in, so that they can be counted.
  const simulator = await startXSimulator({ now: () => clock.now(), duplicates: 'allowed' });
  return {
    publisher: createXPublisher({ credentials: simulator.credentials, apiUrl: simulator.url }, clock),
    account: account('x', { remoteId: simulator.user.id }),
    clock,
    smallest: content({ text: 'The bells & the café: https://example.com/bells?a=1&b=2' }),
    withMedia: content({ text: 'With pictures' }, [
      mediaItem('image', { name: 'a.jpg', alt: 'A bell' }),
      mediaItem('image', { name: 'b.jpg', bytes: 4_500_000 }),
    ]),
    created: async () => simulator.tweets().length,
    breakCreating: (when) => simulator.faults.next('POST', /^\/2\/tweets$/, { do: 'drop', when }),
    secrets: Object.values(simulator.credentials),
    stop: simulator.stop,
  };
});
