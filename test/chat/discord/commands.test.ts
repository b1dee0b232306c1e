import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startBench } from './bench.ts';
import { card, failure, say } from './scripted-desk.ts';

describe('a slash command', () => {
  it('reaches the desk with its fields, its person and its conversation', async () => {
    const { discord, desk, problems } = await startBench();
    const sight = await discord.people.slash('schedule', { when: 'tomorrow 9:00', text: 'Hello', priority: 'high' });

    expect(sight).toMatchObject({ kind: 'message', text: 'Done.', ephemeral: false });
    expect(desk.ran).toHaveLength(1);
    expect(desk.ran[0]).toMatchObject({
      command: 'schedule',
      identity: `discord:${discord.home.user.id}`,
      name: 'Ada',
      conversation: { frontend: 'discord', id: discord.home.channel.id, kind: 'group', title: '#posts' },
      input: { kind: 'fields', fields: { when: 'tomorrow 9:00', text: 'Hello', priority: 'high' } },
      media: [],
    });
    expect(desk.ran[0]?.messageId).toBe(discord.messages()[0]?.id);
    expect(problems()).toEqual([]);
  });
});
void text; void card; void failure; void say;
