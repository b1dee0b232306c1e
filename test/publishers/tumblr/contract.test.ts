import { createTumblrPublisher } from '../../../src/publishers/tumblr/publisher.ts';
import { publisherContract } from '../../contract/publisher.ts';
import { createManualClock, createSeededRandom } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem } from '../../helpers/publishing.ts';
import { startTumblrSimulator } from '../../simulators/tumblr/server.ts';

publisherContract('tumblr', async () => {
  const clock = createManualClock();
  const simulator = await startTumblrSimulator({ now: () => clock.now() });
  const { credentials, blog, url: apiUrl } = simulator;
  return {
    publisher: createTumblrPublisher(
      { credentials, blogs: [blog.name], apiUrl },
      memoryVault(),
      clock,
      createSeededRandom(1),
    ),
    account: account('tumblr', { remoteId: blog.uuid, handle: blog.name }),
    clock,
    smallest: content({ text: 'The bells & the café: https://example.com/bells?a=1&b=2' }),
    withMedia: content({ text: 'With pictures' }, [
      mediaItem('image', { name: 'a.jpg', alt: 'A bell' }),
      mediaItem('image', { name: 'b.jpg', bytes: 4_500_000 }),
    ]),
    created: async () => simulator.posts().length,
    breakCreating: (when) => simulator.faults.next('POST', /\/posts$/, { do: 'drop', when }),
    secrets: Object.values(simulator.credentials),
    stop: simulator.stop,
  };
});
