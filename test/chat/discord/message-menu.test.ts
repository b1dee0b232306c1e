/** The menu of a message on messages whose words are not where they usually are, or in Discord's own markup. */
import { expect, it } from 'vitest';
import { startBench } from './bench.ts';

type Bench = Awaited<ReturnType<typeof startBench>>;

async function wordsOffered({ discord }: Bench, content: string, more: Record<string, unknown>) {
  const { form } = await discord.people.menu('Schedule this', discord.people.say(content, { more }));
  return form?.fields.find(({ name }) => name === 'text')?.value;
}

const ADA = { id: '123456789012345678', username: 'ada', global_name: 'Ada L.', discriminator: '0' };

it('mentions, emoji and addresses without preview become words', async () => {
  const bench = await startBench();
  const said =
    'Thanks <@123456789012345678> and <@!999999999999999999> <a:party:123456789012345678> <https://example.org/a>';
  expect(await wordsOffered(bench, said, { mentions: [ADA] })).toBe(
    'Thanks @Ada L. and <@!999999999999999999> :party: https://example.org/a',
  );
  await bench.discord.people.slash('schedule', { when: 'now', text: 'See <https://example.org/> 1 < 2 > 0' });
  expect(bench.desk.ran[0]?.input).toMatchObject({ fields: { text: 'See https://example.org/ 1 < 2 > 0' } });
});

it('a message that only passes another one on stands for that one', async () => {
  const bench = await startBench();
  const file = {
    id: '1',
    url: 'http://127.0.0.1/a.png',
    proxy_url: 'http://127.0.0.1/a.png',
    filename: 'a.png',
    size: 3,
  };
  const passedOn = {
    content: 'First said elsewhere',
    attachments: [file],
    embeds: [],
    mentions: [],
    type: 0,
  };
  const { discord, desk } = bench;
  const message = discord.people.say('', {
    more: {
      message_reference: { type: 1, channel_id: discord.home.channel.id, message_id: '1' },
      message_snapshots: [{ message: passedOn }],
    },
  });
  const opened = await discord.people.menu('Schedule this', message);
  await discord.people.submit(opened.form, { when: 'now' });
  expect(desk.ran[0]).toMatchObject({
    input: { fields: { text: 'First said elsewhere' } },
    media: [{ name: 'a.png' }],
  });
});

it('the card of another bot gives its words', async () => {
  const bench = await startBench();
  const embeds = [
    { title: 'Release 2.0', description: 'It is out', url: 'https://example.org/2' },
    { color: 1 },
  ];
  expect(await wordsOffered(bench, '', { embeds })).toBe('Release 2.0\nIt is out\nhttps://example.org/2');
  const components = [{ type: 17, components: [{ type: 10, content: 'In a container' }] }];
  expect(await wordsOffered(bench, '', { components })).toBe('In a container');
  // A preview of a link that was posted is no part of the words.
  expect(await wordsOffered(bench, 'https://example.org/2', { embeds })).toBe('https://example.org/2');
});
