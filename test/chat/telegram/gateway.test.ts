import { describe, expect, it } from 'vitest';
import type { Reply } from '../../../src/core/reply.ts';
import type { Conversation } from '../../../src/core/words.ts';
import type { SimulatedChat } from '../../simulators/telegram/index.ts';
import { setStage } from './stage.ts';

const notice: Reply = { tone: 'success', title: ['Published'], blocks: [], card: 'K7QPD' };
const conversationOf = (chat: SimulatedChat, more: Partial<Conversation> = {}): Conversation => ({
  frontend: 'telegram',
  id: String(chat.id),
  kind: chat.state.type === 'private' ? 'direct' : 'group',
  ...(chat.state.title ? { title: chat.state.title } : {}),
  ...more,
});

describe('notices', () => {
  it('go to the chat, in reply to the message that asked; also when that is gone', async () => {
    const { telegram, frontEnd, desk } = await setStage();
    const anna = telegram.user('Anna');
    const asked = anna.say('/post x');
    await anna.chat.waitForMessage('post: x');
    const to = {
      conversation: conversationOf(anna.chat),
      person: `telegram:${anna.id}`,
      replyTo: String(asked.id),
    };
    const sent = await frontEnd.gateway.send(to, notice, 'n1');
    expect(anna.chat.botMessages().at(-1)).toMatchObject({
      id: Number(sent.messageId),
      replyTo: asked.id,
      text: '✅ Published',
    });
    // Core sends notices by itself and knows where they stand.
    expect(desk.cards).toEqual([]);
    anna.chat.delete(asked);
    await frontEnd.gateway.send(to, notice, 'n2');
    expect(anna.chat.botMessages().at(-1)!.replyTo).toBeUndefined();
  });

  it('go to the topic, and to the chat when the topic is closed or gone', async () => {
    const { telegram, frontEnd } = await setStage();
    const group = telegram.group('Forum');
    const topic = group.topic('Campaign');
    const to = { conversation: conversationOf(group, { topic: String(topic) }), person: 'telegram:1' };
    const first = await frontEnd.gateway.send(to, notice, 'n1');
    expect(first.conversation.topic).toBe(String(topic));
    group.closeTopic(topic);
    const second = await frontEnd.gateway.send(to, notice, 'n2');
    group.deleteTopic(topic);
    await frontEnd.gateway.send(to, notice, 'n3');
    expect(second.conversation.topic).toBeUndefined();
    expect(group.botMessages().map((message) => message.topic)).toEqual([topic, undefined, undefined]);
  });

  it('are edited in place; an edit that changes nothing is no error', async () => {
    const { telegram, frontEnd } = await setStage();
    const anna = telegram.user('Anna');
    const sent = await frontEnd.gateway.send(
      { conversation: conversationOf(anna.chat), person: `telegram:${anna.id}` },
      notice,
      'n',
    );
    await frontEnd.gateway.edit(sent, { ...notice, title: ['Published again'] });
    await frontEnd.gateway.edit(sent, { ...notice, title: ['Published again'] });
    expect(anna.chat.botMessages()).toMatchObject([{ text: '✅ Published again', edits: 1 }]);
    expect(telegram.calls('editMessageText')).toHaveLength(2);
  });

  it('tell a dead route: blocked, deactivated, unknown, deleted card', async () => {
    const { telegram, frontEnd } = await setStage();
    const anna = telegram.user('Anna');
    const to = { conversation: conversationOf(anna.chat), person: `telegram:${anna.id}` };
    const sent = await frontEnd.gateway.send(to, notice, 'n');
    anna.chat.delete({ id: Number(sent.messageId) });
    await expect(frontEnd.gateway.edit(sent, notice)).rejects.toMatchObject({ code: 'CHAT_UNREACHABLE' });
    anna.blockBot();
    await expect(frontEnd.gateway.send(to, notice, 'n')).rejects.toMatchObject({
      code: 'CHAT_UNREACHABLE',
      message: expect.stringContaining('bot was blocked by the user'),
    });
    anna.deactivate();
    await expect(frontEnd.gateway.send(to, notice, 'n')).rejects.toMatchObject({ code: 'CHAT_UNREACHABLE' });
    const nowhere = { conversation: { ...to.conversation, id: '424242' }, person: to.person };
    await expect(frontEnd.gateway.send(nowhere, notice, 'n')).rejects.toMatchObject({
      code: 'CHAT_UNREACHABLE',
    });
  });

  it('reach the person in private when the bot was put out of the group', async () => {
    const { telegram, frontEnd } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team <1>');
    group.kickBot();
    const to = { conversation: conversationOf(group), person: `telegram:${anna.id}`, replyTo: '5' };
    const sent = await frontEnd.gateway.send(to, notice, 'n');
    expect(sent.conversation).toMatchObject({ id: String(anna.id), kind: 'direct' });
    expect(anna.chat.botMessages()[0]!.text).toContain('I can no longer write in “Team <1>”.');
    anna.blockBot();
    await expect(frontEnd.gateway.send(to, notice, 'n')).rejects.toMatchObject({
      code: 'CHAT_UNREACHABLE',
      message: expect.stringContaining('kicked'),
    });
  });

  it('follow a group that moved, and tell core its new id', async () => {
    const { telegram, frontEnd, desk } = await setStage();
    const group = telegram.group('Team', { kind: 'group' });
    const to = { conversation: conversationOf(group), person: 'telegram:1', replyTo: '3' };
    const card = await frontEnd.gateway.send(to, notice, 'n');
    const supergroup = group.migrate({ announce: false });
    const sent = await frontEnd.gateway.send(to, notice, 'n');
    expect(sent.conversation.id).toBe(String(supergroup.id));
    expect(supergroup.botMessages()).toHaveLength(1);
    // The old card stayed behind where nothing can be changed any more.
    await expect(frontEnd.gateway.edit(card, { ...notice, title: ['x'] })).rejects.toMatchObject({
      code: 'CHAT_UNREACHABLE',
    });
    expect(new Set(desk.renames.map((rename) => rename.newId))).toEqual(new Set([String(supergroup.id)]));
  });

  it('wait when Telegram asks to, and pass on a long wait with its end', async () => {
    const { telegram, frontEnd } = await setStage();
    const anna = telegram.user('Anna');
    const to = { conversation: conversationOf(anna.chat), person: `telegram:${anna.id}` };
    telegram.faults.tooMany('sendMessage', 1);
    const before = Date.now();
    await frontEnd.gateway.send(to, notice, 'n');
    expect(Date.now() - before).toBeGreaterThanOrEqual(990);
    expect(anna.chat.botMessages()).toHaveLength(1);
    telegram.faults.tooMany('sendMessage', 300);
    const error = await frontEnd.gateway.send(to, notice, 'n').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'CHAT_UNAVAILABLE',
      kind: 'RateLimited',
      next: { do: 'at', at: expect.any(Date) },
    });
  });

  it('are not repeated here when Telegram fails or the connection breaks: the outbox decides', async () => {
    const { telegram, frontEnd } = await setStage();
    const anna = telegram.user('Anna');
    const to = { conversation: conversationOf(anna.chat), person: `telegram:${anna.id}` };
    telegram.faults.serverError('sendMessage');
    await expect(frontEnd.gateway.send(to, notice, 'n')).rejects.toMatchObject({
      code: 'CHAT_UNAVAILABLE',
      next: { do: 'later' },
    });
    telegram.faults.dropBefore('sendMessage');
    await expect(frontEnd.gateway.send(to, notice, 'n')).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
    expect(anna.chat.botMessages()).toHaveLength(0);
    telegram.faults.dropAfter('sendMessage');
    const error = await frontEnd.gateway.send(to, notice, 'n').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CHAT_UNAVAILABLE' });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(telegram.token);
    expect((error as Error).cause).toBeUndefined();
    // Told at least once: the repetition makes a second message, which is what a chat without a key for it costs.
    await frontEnd.gateway.send(to, notice, 'n');
    expect(anna.chat.botMessages()).toHaveLength(2);
    expect(telegram.calls('sendMessage')).toHaveLength(4);
  });

  it('that are personal go to the person, not to the group', async () => {
    const { telegram, frontEnd } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    const to = { conversation: conversationOf(group), person: `telegram:${anna.id}` };
    await frontEnd.gateway.send(to, { ...notice, personal: true }, 'n');
    expect(anna.chat.botMessages()).toHaveLength(1);
    anna.blockBot();
    await frontEnd.gateway.send(to, { ...notice, personal: true }, 'n');
    expect(group.botMessages()).toHaveLength(1);
  });

  it('cannot be sent before the start or after the stop', async () => {
    const { telegram, frontEnd, desk } = await setStage({ start: false });
    const anna = telegram.user('Anna');
    const to = { conversation: conversationOf(anna.chat), person: `telegram:${anna.id}` };
    await expect(frontEnd.gateway.send(to, notice, 'n')).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
    await frontEnd.start(desk);
    await frontEnd.gateway.send(to, notice, 'n');
    await frontEnd.stop();
    await expect(frontEnd.gateway.send(to, notice, 'n')).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
  });
});
