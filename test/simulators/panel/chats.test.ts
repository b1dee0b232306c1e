/** The chats of the page: what a person types and presses there reaches the desk through the real front-ends. */
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createFrontEnds } from '../../../src/app/front-ends.ts';
import { readConfig } from '../../../src/config.ts';
import { systemClock, systemRandom } from '../../../src/lib/system-clock.ts';
import { createMemoryInbox } from '../../helpers/memory-inbox.ts';
import { recordingLog } from '../../helpers/publishing.ts';
import { useStages } from '../../helpers/stage.ts';
import type { ChatForm, ChatMessage, SimulatedChat } from './chat.ts';
import { startDiscord } from './discord.ts';
import { type PanelServer, startPanel } from './server.ts';
import { createShelf } from './shelf.ts';
import { startTelegram } from './telegram.ts';

const createStage = useStages();
let chats: readonly SimulatedChat[];
let panel: PanelServer;

beforeAll(async () => {
  chats = [await startDiscord(0), await startTelegram(0)];
  panel = await startPanel(0, { networks: [], chats, shelf: createShelf(), environment: () => '' });
});
afterEach(() => post('reset'));
afterAll(async () => {
  await panel.stop();
  await Promise.all(chats.map((chat) => chat.stop()));
});

function post(path: string, body: unknown = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${panel.url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

interface Shown {
  readonly chat: string;
  readonly connected: boolean;
  readonly waiting: number;
  readonly messages: readonly ChatMessage[];
  readonly form?: ChatForm;
}

async function shown(chat: string): Promise<Shown> {
  const state = (await (await fetch(`${panel.url}/state.json`)).json()) as { chats: Shown[] };
  return state.chats.find((each) => each.chat === chat)!;
}

/** The last message of the bot with these words. */
async function answer(chat: string, words: string): Promise<ChatMessage> {
  const find = async () =>
    (await shown(chat)).messages.findLast(({ by, text }) => by === 'bot' && text.includes(words));
  await expect.poll(find, { timeout: 8_000 }).toBeDefined();
  return (await find())!;
}

/** The front-end of one chat at a desk that nobody has claimed yet. */
async function startBot(chat: string): Promise<void> {
  const stage = await createStage({ chats: [chat] });
  const environment = chats.find((each) => each.chat === chat)?.environment ?? {};
  const { all } = await createFrontEnds(
    readConfig(environment),
    { input: process.stdin, output: process.stdout, workingDirectory: '.' },
    { inbox: createMemoryInbox(), clock: systemClock, random: systemRandom, log: recordingLog([]) },
  );
  onTestFinished(async () => {
    for (const frontEnd of all) await frontEnd.stop();
  });
  for (const frontEnd of all) await frontEnd.start(stage.engine.desk);
  await expect.poll(async () => (await shown(chat)).connected, { timeout: 8_000 }).toBe(true);
}

it('a line that Discord itself would not send is told with the reason', async () => {
  const early = await post('chats/discord', { do: 'type', line: '/help' });
  expect([early.status, await early.text()]).toEqual([
    400,
    'Discord knows no /help: the bot tells its commands when it starts.\n',
  ]);
  const nothing = await post('chats/telegram', { do: 'type', line: '', files: [] });
  expect([nothing.status, await nothing.text()]).toEqual([400, 'There is nothing to send.\n']);
});

it.each(['discord', 'telegram'])('in %s a post is scheduled and moved as in the real chat', async (chat) => {
  await startBot(chat);
  const act = async (doing: object): Promise<void> => {
    const { status } = await post(`chats/${chat}`, doing);
    expect(status).toBeLessThan(300);
  };
  const commandsAreThere = async () => (await post(`chats/${chat}`, { do: 'type', line: '/help' })).ok;
  await expect.poll(commandsAreThere, { timeout: 8_000 }).toBe(true);
  await act({ do: 'type', line: '/start ABCD-EFGH' });
  await answer(chat, 'You are the owner now');
  await act({ do: 'type', line: '/schedule when:"tomorrow 9:00" to:x Good morning' });
  const card = await answer(chat, 'scheduled');
  expect(card.text).toContain('Wed, 25 Nov 2026, 09:00');
  const button = card.rows.flat().find(({ label }) => label === 'Another time');
  await act({ do: 'press', message: card.id, action: button?.action });
  const { form } = await shown(chat);
  if (form) await act({ do: 'submit', values: { [form.fields[0]!.name]: 'in 3 days' } });
  else await act({ do: 'type', line: 'in 3 days' });
  await answer(chat, 'Fri, 27 Nov 2026');
  const id = /#\w{5}/.exec(card.text)?.[0];
  await act({ do: 'type', line: `/edit post:${id} to:+tumblr` });
  expect((await answer(chat, 'Changed.')).text).toContain('Tumblr @acme');
  const files = ['one.jpg', 'two.jpg'].map((name) => ({ name, type: 'image/jpeg', base64: btoa(name) }));
  await act({ do: 'type', line: '/schedule when:"tomorrow 9:00" to:x Two pictures', files });
  expect((await answer(chat, 'Two pictures')).text).toContain('2 pictures');
  const own = (await shown(chat)).messages.filter(({ by }) => by === 'person').map(({ text }) => text);
  expect(own.findLast((text) => text.includes('Two pictures'))).toMatch(/\[(?:one\.jpg|photo)\]/);
});

it('chats break on command, each by the faults that it has', async () => {
  const refused = await post('faults/telegram', { fault: 'dropped gateway' });
  expect([refused.status, await refused.text()]).toEqual([
    400,
    'Telegram has no “dropped gateway”; possible: rate limit, server error, drop before the effect, drop after the effect, second bot.\n',
  ]);
  for (const chat of ['discord', 'telegram']) {
    expect((await post(`faults/${chat}`, { fault: 'rate limit', times: 3 })).status).toBe(204);
    expect((await shown(chat)).waiting).toBe(3);
  }
  await post('reset');
  expect((await shown('discord')).waiting).toBe(0);
});
