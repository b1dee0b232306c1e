/** What Discord is told about the commands, and when; and what it suggests while people type. */
import { describe, expect, it } from 'vitest';
import { COMMANDS_REGISTERED_PATH, startBench } from './bench.ts';

describe('suggestions', () => {
  it('come from the desk, as many and as long as Discord takes', async () => {
    const { discord, desk } = await startBench();
    desk.onComplete = async () => [
      { value: 'x'.repeat(101), label: 'too long to be sent back' },
      ...Array.from({ length: 30 }, (_, index) => ({ value: `v${index}`, label: 'label '.repeat(30) })),
    ];
    const choices = await discord.people.autocomplete('schedule', 'when', 'tomo', { given: { to: 'x' } });
    expect(desk.completed[0]).toMatchObject({
      command: 'schedule',
      option: 'when',
      typed: 'tomo',
      given: { to: 'x' },
      name: 'Ada',
    });
    expect(choices).toHaveLength(25);
    expect(choices[0]?.value).toBe('v0');
    expect(choices[0]?.name).toHaveLength(100);
  });

  it('are none when the desk is slow', async () => {
    const { discord, desk } = await startBench({ timeouts: { complete: 30 } });
    desk.onComplete = () => new Promise(() => undefined);
    expect(await discord.people.autocomplete('queue', 'post', 'K')).toEqual([]);
  });
});

describe('registration', () => {
  const puts = (requests: readonly { method: string; path: string }[]) =>
    requests.filter(({ method, path }) => method === 'PUT' && COMMANDS_REGISTERED_PATH.test(path));

  it('offers every command everywhere, required options first, files as numbered options', async () => {
    const { discord } = await startBench();
    const names = discord.world.commands.map(({ name, type }) => `${type} ${name}`);
    expect(names).toEqual(['1 schedule', '1 queue', '3 Schedule this']);
    const [schedule] = discord.world.commands;
    expect(schedule?.options?.map(({ name }) => name)).toEqual([
      'when',
      'text',
      'to',
      'media',
      'media2',
      'media3',
      'media4',
      'alt',
      'alt2',
      'alt3',
      'alt4',
      'priority',
    ]);
    expect(schedule?.options).toMatchObject([
      { name: 'when', type: 3, required: true, autocomplete: true },
      { name: 'text', type: 3, max_length: 6000 },
      { name: 'to', type: 3, autocomplete: true },
      { name: 'media', type: 11 },
      {},
      {},
      {},
      { name: 'alt', max_length: 1000 },
      {},
      {},
      {},
      {
        name: 'priority',
        choices: [
          { name: 'Low', value: 'low' },
          { name: 'High', value: 'high' },
        ],
      },
    ]);
    for (const command of discord.world.commands) {
      expect(new Set(command.contexts)).toEqual(new Set([0, 1, 2]));
      expect(command.integration_types).toEqual([0, 1]);
    }
  });

  it('writes nothing when Discord has the commands already', async () => {
    const first = await startBench();
    const { commands } = first.discord.world;
    const second = await startBench({
      prepare: (discord) => {
        discord.world.commands = [...commands].reverse();
      },
    });
    await second.discord.until('the look at the commands', () => second.hasLogged('info', /up to date/));
    expect(puts(second.discord.requests)).toEqual([]);
  });

  it('writes them when one differs', async () => {
    const { discord } = await startBench({
      prepare: (simulated) => {
        simulated.world.commands = [
          { id: '1', name: 'schedule', type: 1, description: 'An older one' } as never,
        ];
      },
    });
    await discord.until('new commands', () => discord.world.commands.length === 3);
    expect(puts(discord.requests)).toHaveLength(1);
  });

  it('keeps the bot usable when Discord refuses their form', async () => {
    const { discord, hasLogged, frontEnd } = await startBench({
      prepare: (simulated) => {
        simulated.world.commands = [
          { id: '1', name: 'schedule', type: 1, description: 'An older one' } as never,
        ];
        simulated.faults.add({ method: 'PUT', status: 400, code: 50035 });
      },
    });
    await discord.until('the complaint', () => hasLogged('error', /refuses the form of the commands/));
    expect(frontEnd.status().state).toBe('ready');
  });
});
