import { createPinterestPublisher } from '../../../src/publishers/pinterest/publisher.ts';
import { publisherContract } from '../../contract/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { memoryVault } from '../../helpers/memory-vault.ts';
import { account, content, mediaItem } from '../../helpers/publishing.ts';
import { startPinterestSimulator } from '../../simulators/pinterest/server.ts';
import { BELLS } from './harness.ts';

publisherContract('pinterest', async () => {
  const clock = createManualClock();
  const simulator = await startPinterestSimulator({ now: () => clock.now() });
  const credentials = { ...simulator.tokens(), appId: simulator.app.id, appSecret: simulator.app.secret };
  return {
    publisher: createPinterestPublisher(
      { credentials, boardId: BELLS, apiUrl: simulator.url },
      memoryVault(),
      clock,
    ),
    account: account('pinterest', { remoteId: simulator.user.id }),
    clock,
    smallest: content({ text: 'The bells & the café', link: 'https://example.com/bells?a=1' }, [
      mediaItem('image', { name: 'a.jpg', bytes: 1001 }),
    ]),
    withMedia: content({ text: 'With pictures' }, [
      mediaItem('image', { name: 'a.jpg', alt: 'A bell' }),
      mediaItem('image', { name: 'b.jpg', bytes: 4_500_000 }),
    ]),
    created: async () => simulator.pins().length,
    breakCreating: (when) => simulator.faults.next('POST', /\/pins$/, { do: 'drop', when }),
    secrets: [credentials.accessToken, credentials.refreshToken, credentials.appSecret],
    stop: simulator.stop,
  };
});
