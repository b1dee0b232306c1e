import { describe, expect, it } from 'vitest';
import { failureReply, inputOf } from './scripted-desk.ts';
import { eventually, setStage } from './stage.ts';

describe('groups', () => {
  it('that belong to nobody get answers to what strangers may ask, and to nothing else', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Strangers');
    anna.in(group).say('/post spam');
    anna.in(group).say(`/unknown@${telegram.bot.username}`);
    anna.in(group).say('/ban somebody');
    anna.in(group).say('/help');
    anna.in(group).say(`/start@${telegram.bot.username} ABCD-EFGH`);
    await group.waitForMessage('start: ABCD-EFGH');
    expect(desk.runs.map((run) => run.command)).toEqual(['help', 'start']);
    expect(group.botMessages()).toHaveLength(2);
  });

  it('that are known are served; commands of other bots are not ours', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    anna.in(group).say('/ban somebody');
    anna.in(group).say('/post hello');
    await group.waitForMessage('post: hello');
    expect(desk.runs.map(inputOf)).toEqual(['hello']);
    expect(desk.runs[0]!.conversation).toEqual({
      frontend: 'telegram',
      id: String(group.id),
      kind: 'group',
      title: 'Team',
    });
  });

  it('are answered in the topic in which they asked', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Forum');
    desk.known.add(group.id);
    const topic = group.topic('Campaign');
    anna.in(group, topic).say('/post in topic');
    expect((await group.waitForMessage('post: in topic')).topic).toBe(topic);
    expect(desk.runs[0]!.conversation.topic).toBe(String(topic));
  });

  it('have threads of replies that are no topics', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    anna.in(group).say('/post x', { extra: { message_thread_id: 12 } });
    expect((await group.waitForMessage('post: x')).topic).toBeUndefined();
    expect(desk.runs[0]!.conversation.topic).toBeUndefined();
  });

  it('keep personal answers to the person, or show them where that is not possible', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    desk.onRun = (request) => ({ ...failureReply(`No: ${inputOf(request)}`), personal: true });
    anna.in(group).say('/post first');
    expect((await group.waitForMessage('No: first')).onlyFor).toBe(anna.id);
    telegram.faults.refuse('sendMessage', 'Bad Request: EPHEMERAL_NOT_SUPPORTED');
    anna.in(group).say('/post second');
    expect((await group.waitForMessage('No: second')).onlyFor).toBeUndefined();
  });

  it('are not read beyond what is meant for the bot', async () => {
    const { telegram, desk, inbox } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team');
    desk.known.add(group.id);
    const kept: string[] = [];
    const keep = inbox.keep.bind(inbox);
    inbox.keep = (inputs, at) => {
      kept.push(...inputs.map((input) => input.payload));
      return keep(inputs, at);
    };
    anna.in(group).say('a private remark');
    anna.in(group).say('/ban@other_bot them');
    anna.in(group).say('/help');
    await group.waitForMessage('help:');
    expect(kept).toHaveLength(1);
    expect(kept[0]).not.toContain('a private remark');
  });

  it('cannot be written to in the name of the group: nobody can be told by that', async () => {
    const { telegram, desk } = await setStage();
    const group = telegram.group('Team');
    desk.known.add(group.id);
    const anonymous = telegram.user('Group', { id: 1087968824, is_bot: true, username: 'GroupAnonymousBot' });
    const sender_chat = { id: group.id, type: 'supergroup', title: 'Team' };
    anonymous.in(group).say('/post as the group', { extra: { sender_chat } });
    await group.waitForMessage('You write in the name of the group');
    expect(desk.runs).toHaveLength(0);
  });

  it('are not answered to what other bots and linked channels write', async () => {
    const { telegram, desk } = await setStage();
    const group = telegram.group('Team');
    desk.known.add(group.id);
    telegram.user('Other', { is_bot: true }).in(group).say('/post from a bot');
    telegram
      .user('Telegram', { id: 777_000 })
      .in(group)
      .say('/post from a channel', {
        extra: { is_automatic_forward: true, sender_chat: { id: -100_5, type: 'channel', title: 'Channel' } },
      });
    telegram.user('Anna').in(group).say('/help');
    await group.waitForMessage('help:');
    expect(desk.runs.map((run) => run.command)).toEqual(['help']);
  });

  it('that become supergroups keep their workspace: told by the service message', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team', { kind: 'group' });
    desk.known.add(group.id);
    const supergroup = group.migrate();
    await eventually(() => desk.known.has(supergroup.id));
    expect(desk.renames[0]).toEqual({ oldId: String(group.id), newId: String(supergroup.id) });
    anna.in(supergroup).say('/post after');
    await supergroup.waitForMessage('post: after');
  });

  it('that become supergroups while a command runs are answered in the new one', async () => {
    const { telegram, desk } = await setStage();
    const anna = telegram.user('Anna');
    const group = telegram.group('Team', { kind: 'group' });
    desk.known.add(group.id);
    let supergroup = group;
    desk.onRun = () => {
      supergroup = group.migrate({ announce: false });
      return { tone: 'success', title: ['Made'], blocks: [], card: 'K7QPD' };
    };
    anna.in(group).say('/post x');
    await eventually(() => supergroup !== group);
    const answer = await supergroup.waitForMessage('Made');
    expect(desk.renames).toEqual([{ oldId: String(group.id), newId: String(supergroup.id) }]);
    await eventually(() => desk.cards[0]);
    expect(desk.cards[0]!.message).toMatchObject({
      messageId: String(answer.id),
      conversation: { id: String(supergroup.id) },
    });
  });
});
