// Polls and who may reply: from the command to what stands on X.
import { describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../../../src/core/clock.ts';
import { idIn, wordsOf } from '../../helpers/replies.ts';
import { useXStages } from './stage.ts';

const createStage = useXStages();

const BROKEN = [
  ['poll:"Red"', 'a poll has 2 to 4 answers; found: 1. Add answers'],
  ['poll:"1|2|3|4|5"', 'a poll has 2 to 4 answers; found: 5. Leave out 1 of them.'],
  [`poll:"Red | ${'b'.repeat(26)}"`, 'an answer has at most 25 characters; found: 26 in “bbb'],
  ['poll:"A|B" poll_length:"4 min"', 'a poll is open for 5 min to 7 days; found: 4 min.'],
  ['poll:"A|B" poll_length:"7 days 1 min"', 'a poll is open for 5 min to 7 days; found: 7 days 1 min.'],
  ['poll:"A|B" media:a.png', 'a poll stands without pictures and videos; found: a poll and 1 of them.'],
];
const UNREADABLE = [
  ['poll_length:"1 day"', 'There is a length of a poll, but no poll.'],
  ['poll:"A|B" poll_length:10', '“10” is no length of a poll.'],
  ['poll:"A|B" poll_length:"2 moons"', '“2 moons” is no length of a poll.'],
];

describe('a poll', () => {
  it('stands on X with its answers and its length; the card tells both', async () => {
    const { stage, x } = await createStage();
    const reply = await stage.type('/post to:x poll:"Red | Blue|Green" poll_length:"6 hours" Which one?');
    expect(wordsOf(reply)).toContain('Poll: Red · Blue · Green, open for 6 h');
    await stage.pass(SECOND);
    expect(x.tweets()).toMatchObject([
      { sent: 'Which one?', poll: { options: ['Red', 'Blue', 'Green'], minutes: 360 } },
    ]);
  });

  it('is open for a day when nothing is said, and can get another length before it is out', async () => {
    const { stage, x } = await createStage();
    await stage.type('/post to:x poll:"Yes|No" Short?');
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" poll:"Yes|No" Long?'));
    await stage.type(`/edit post:#${id} poll_length:"1 week"`);
    await stage.pass(HOUR);
    expect(x.tweets().map(({ poll }) => poll?.minutes)).toEqual([1440, 10_080]);
  });

  it('breaks rules that are told with their numbers before anything goes out', async () => {
    const { stage, x } = await createStage();
    for (const [options, said] of BROKEN) {
      const reply = await stage.type(`/post to:x ${options} Which one?`);
      expect(wordsOf(reply)).toContain(`[failed] X @acme: ${said}`);
    }
    for (const [typed, said] of UNREADABLE)
      expect(wordsOf(await stage.type(`/post to:x ${typed} Which one?`))).toContain(said);
    await stage.pass(SECOND);
    expect(x.requests).toEqual([]);
  });

  it('is never left out silently: where there are none the post can go to the others, or X alone gets the poll', async () => {
    const { stage, x } = await createStage();
    const reply = await stage.type('/post to:x,tumblr poll:"Red|Blue" Which one?');
    expect(wordsOf(reply)).toContain('[failed] Tumblr @acme: there are no polls here; found: a poll.');
    await stage.press(`schedule.others:${idIn(reply)}`);
    await stage.pass(SECOND);
    expect(x.tweets()).toMatchObject([{ sent: 'Which one?', poll: { options: ['Red', 'Blue'] } }]);
    expect(stage.tumblr.wall).toEqual([]);

    const id = idIn(await stage.type('/schedule to:x,tumblr when:"in 1 hour" What do you think?'));
    const edited = await stage.type(`/edit post:#${id} to:x poll:"Good|Bad"`);
    expect(wordsOf(edited)).toContain('For X @acme: Poll: Good · Bad, open for 1 day');
    await stage.pass(HOUR);
    expect(x.tweets()[1]).toMatchObject({ sent: 'What do you think?', poll: { options: ['Good', 'Bad'] } });
    expect(stage.tumblr.wall.map(({ text }) => text)).toEqual(['What do you think?']);
  });

  it('is taken away by an empty one', async () => {
    const { stage, x } = await createStage();
    const id = idIn(await stage.type('/schedule to:x when:"in 1 hour" poll:"A|B" replies:verified Hello'));
    await stage.type(`/edit post:#${id} poll:"" replies:everyone`);
    await stage.pass(HOUR);
    expect(x.tweets()[0]).not.toHaveProperty('poll');
    expect(x.tweets()[0]).not.toHaveProperty('replySettings');
  });

  it('is found again when its answer was lost', async () => {
    const { stage, x } = await createStage();
    x.faults.next('POST', /^\/2\/tweets$/, { do: 'drop', when: 'after' });
    await stage.type('/post to:x poll:"Red|Blue" Which one?');
    await stage.pass(10 * SECOND);
    expect(x.tweets()).toHaveLength(1);
    expect(wordsOf(stage.told.at(-1)!.reply)).toContain('[ok] X @acme: published');
  });
});

describe('who may reply', () => {
  it('is said to X in its own words', async () => {
    const { stage, x } = await createStage();
    for (const replies of ['everyone', 'following', 'mentioned', 'subscribers', 'verified'])
      expect(wordsOf(await stage.type(`/post to:x replies:${replies} For ${replies}`))).toContain(
        `Replies: ${replies}`,
      );
    await stage.pass(SECOND);
    expect(x.tweets().map((each) => [each.sent, each.replySettings])).toEqual([
      ['For everyone', undefined],
      ['For following', 'following'],
      ['For mentioned', 'mentionedUsers'],
      ['For subscribers', 'subscribers'],
      ['For verified', 'verified'],
    ]);
  });

  it('is told where it cannot be chosen, and the post goes out', async () => {
    const { stage } = await createStage();
    const reply = await stage.type('/post to:tumblr replies:verified Hello');
    expect(wordsOf(reply)).toContain(
      '[question] Tumblr @acme: who may reply cannot be chosen for one post here; found: verified.',
    );
    await stage.pass(SECOND);
    expect(stage.tumblr.wall).toHaveLength(1);
  });
});

it('what a link costs is told before it goes out', async () => {
  const { stage } = await createStage();
  const reply = await stage.type('/schedule to:x when:"in 1 hour" Read https://example.com/bells');
  expect(wordsOf(reply)).toContain(
    '[waiting] X @acme: X bills about 0.20 USD for a post with a link, 0.015 USD for one without; found: a link.',
  );
  expect(wordsOf(await stage.type('/schedule to:x when:"in 1 hour" No link'))).not.toContain('USD');
});
