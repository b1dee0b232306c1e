import { createInstagramPublisher } from '../../../src/publishers/instagram/publisher.ts';
import { publisherContract } from '../../contract/publisher.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { account, content } from '../../helpers/publishing.ts';
import { startInstagramSimulator } from '../../simulators/meta/instagram.ts';
import { PICTURES, picture, servePictures, settingsFor, video } from './harness.ts';

const posts = {
  smallest: content({ text: 'The bells & the café' }, [picture('a.jpg')]),
  withMedia: content({ text: 'A mixed carousel' }, [
    picture('a.jpg', { alt: 'A bell' }),
    video('b.mp4', { bytes: 300_000 }),
    picture('c.jpg'),
  ]),
};
const stories = {
  smallest: content({ format: 'story' }, [picture('a.jpg')]),
  withMedia: content({ format: 'story' }, [video('b.mp4', { bytes: 300_000 })]),
};

for (const [login, what, contents] of [
  ['facebook', 'posts', posts],
  ['instagram', 'posts', posts],
  ['facebook', 'stories', stories],
] as const) {
  publisherContract(`instagram ${what}, login of ${login}`, async () => {
    const clock = createManualClock();
    const simulator = await startInstagramSimulator({ now: () => clock.now(), login });
    const pictures = await servePictures(PICTURES);
    return {
      publisher: createInstagramPublisher(settingsFor(simulator), clock, pictures.mediaLinks),
      account: account('instagram', { remoteId: simulator.userId }),
      clock,
      ...contents,
      created: async () => simulator.media().length,
      breakCreating: (when) => simulator.faults.next('POST', /media_publish$/, { do: 'drop', when }),
      secrets: [simulator.token],
      async stop() {
        await Promise.all([simulator.stop(), pictures.stop()]);
      },
    };
  });
}
