/** The simulator is only worth something if it refuses what Discord refuses. */
import { REST, Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { commandFaults } from '../../simulators/discord/command-rules.ts';
import { hasDescription, startDiscordSimulator } from '../../simulators/discord/index.ts';
import { deferralFaults, messageFaults, modalFaults } from '../../simulators/discord/message-rules.ts';
import { schemaFaults } from '../../simulators/discord/schema.ts';

const V2 = 1 << 15;
const text = (content: string) => ({ type: 10, content });
const row = (...buttons: object[]) => ({ type: 1, components: buttons });
const button = (id: string) => ({ type: 2, style: 1, label: 'B', custom_id: id });

describe('rules beyond the description', () => {
  it.each([
    ['2001 characters', { content: 'x'.repeat(2001) }],
    ['content with V2', { flags: V2, content: 'x', components: [text('x')] }],
    ['V2 components without the flag', { components: [text('x')] }],
    ['4001 characters in two texts', { flags: V2, components: [text('x'.repeat(4000)), text('x')] }],
    ['an empty text', { flags: V2, components: [text(' ')] }],
    ['41 components', { flags: V2, components: Array.from({ length: 41 }, () => text('x')) }],
    ['six buttons in a row', { components: [row(...'abcdef'.split('').map(button))] }],
    ['an id twice', { components: [row(button('a')), row(button('a'))] }],
    ['an empty row', { components: [row()] }],
    ['nothing', {}],
  ])('a message with %s is refused', (_name, body) => {
    expect(messageFaults(body)).not.toEqual([]);
  });

  it.each([
    ['an upper-case name', [{ name: 'Post', description: 'd' }]],
    ['no description', [{ name: 'post' }]],
    [
      'a required option after an optional one',
      [
        {
          name: 'post',
          description: 'd',
          options: [
            { name: 'a', description: 'd' },
            { name: 'b', description: 'd', required: true },
          ],
        },
      ],
    ],
    [
      'two of one name',
      [
        { name: 'post', description: 'd' },
        { name: 'post', description: 'd' },
      ],
    ],
    ['a described menu entry', [{ type: 3, name: 'Post this', description: 'd' }]],
  ])('a command with %s is refused', (_name, commands) => {
    expect(commandFaults(commands)).not.toEqual([]);
  });

  it('a deferral says nothing but whether it is hidden', () => {
    expect(deferralFaults({ flags: 64 })).toEqual([]);
    expect(deferralFaults({ flags: V2 })).not.toEqual([]);
    expect(deferralFaults({ content: 'x' })).not.toEqual([]);
  });

  it('a form with six fields is refused', () => {
    const field = (id: number) => ({
      type: 18,
      label: 'L',
      component: { type: 4, custom_id: String(id), style: 1 },
    });
    expect(modalFaults({ components: [1, 2, 3, 4, 5].map(field) })).toEqual([]);
    expect(modalFaults({ components: [1, 2, 3, 4, 5, 6].map(field) })).not.toEqual([]);
  });
});

describe.skipIf(!hasDescription)('the official description (skipped where ../shared/specs is absent)', () => {
  it('refuses a misspelt field, by name', () => {
    const body = {
      flags: V2,
      componets: [],
      components: [{ type: 17, accent_colour: 1, components: [text('x')] }],
    };
    const faults = schemaFaults('post', '/channels/{channel_id}/messages', body).join('\n');
    expect(faults).toContain('componets');
    expect(faults).toContain('accent_colour');
  });

  it('refuses a title that is too long in a form', () => {
    const data = { custom_id: 'a', title: 'x'.repeat(46), components: [{ type: 10, content: 'x' }] };
    const path = '/interactions/{interaction_id}/{interaction_token}/callback';
    expect(schemaFaults('post', path, { type: 9, data }).join('\n')).toContain('/data/title');
  });

  it('accepts what is right', () => {
    const body = {
      flags: V2,
      components: [{ type: 17, components: [text('x'), row(button('a'))] }],
      nonce: '1',
      enforce_nonce: true,
    };
    expect(schemaFaults('post', '/channels/{channel_id}/messages', body)).toEqual([]);
  });
});

it('a broken rule is answered as Discord does, and not forgotten', async () => {
  const discord = await startDiscordSimulator();
  const rest = new REST({ api: `${discord.url}/api` }).setToken(discord.token);
  const body = { content: 'x'.repeat(2001) };
  await expect(rest.post(Routes.channelMessages(discord.home.channel.id), { body })).rejects.toMatchObject({
    code: 50035,
  });
  rest.clearHandlerSweeper();
  rest.clearHashSweeper();
  await expect(discord.stop()).rejects.toThrow(/2001 characters/);
});
