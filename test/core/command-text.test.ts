import { describe, expect, it } from 'vitest';
import { defineCommand, type OptionSpecs } from '../../src/core/command.ts';
import { parseCommandText } from '../../src/core/command-text.ts';
import { CarillonError } from '../../src/core/errors.ts';

const command = (name: string, options: OptionSpecs) =>
  defineCommand({
    name,
    summary: name,
    role: 'editor',
    options,
    examples: [],
    run: () => Promise.reject(new Error('not run here')),
  });

const schedule = command('schedule', {
  to: { kind: 'targets', summary: 'where' },
  when: { kind: 'moment', summary: 'when', required: true },
  text: { kind: 'text', summary: 'words', rest: true, multiline: true },
  title: { kind: 'text', summary: 'title' },
  link: { kind: 'text', summary: 'link' },
  first_comment: { kind: 'text', summary: 'comment' },
  media: { kind: 'media', summary: 'pictures' },
  alt: { kind: 'text', summary: 'descriptions' },
  priority: { kind: 'choice', summary: 'priority', choices: [] },
  force: { kind: 'switch', summary: 'even if doubled' },
});
const edit = command('edit', {
  post: { kind: 'post', summary: 'which', required: true },
  to: { kind: 'targets', summary: 'for' },
  text: { kind: 'text', summary: 'words', rest: true },
});
const move = command('move', {
  post: { kind: 'post', summary: 'which', required: true },
  when: { kind: 'moment', summary: 'when', required: true },
});
const start = command('start', { code: { kind: 'text', summary: 'claim code' } });
const queue = command('queue', {
  page: { kind: 'integer', min: 1, max: 99, summary: 'page' },
  state: { kind: 'choice', summary: 'state', choices: [] },
});
const pause = command('pause', {});

const read = (text: string, definition = schedule) => parseCommandText(definition, text);
function fault(text: string, definition = schedule): CarillonError {
  try {
    const values = read(text, definition);
    throw new Error(`was taken as ${JSON.stringify(values)}`);
  } catch (error) {
    if (error instanceof CarillonError) return error;
    throw error;
  }
}

describe('options before the text', () => {
  it('reads the example of the documentation', () => {
    expect(read('to:x,tumblr when:"tomorrow 9:00" Hello world')).toEqual({
      to: 'x,tumblr',
      when: 'tomorrow 9:00',
      text: 'Hello world',
    });
  });

  it('reads nothing from nothing', () => {
    expect(read('')).toEqual({});
    expect(read(' \n\t ')).toEqual({});
  });

  it('takes options on lines of their own', () => {
    expect(read('to:x\nwhen:tomorrow\n\nHello')).toEqual({ to: 'x', when: 'tomorrow', text: 'Hello' });
  });

  it('does not mind a capital letter, as phones write it', () => {
    expect(read('To:x When:fri Hi')).toEqual({ to: 'x', when: 'fri', text: 'Hi' });
  });

  it('keeps colons and equals signs of a value', () => {
    expect(read('to:x:@acme link:https://a.example/?b=c:d Hi')).toEqual({
      to: 'x:@acme',
      link: 'https://a.example/?b=c:d',
      text: 'Hi',
    });
  });

  it.each([
    ['when:"fri 18:30" x'],
    ['when:“fri 18:30” x'],
    ['when:“fri 18:30" x'],
    ['when:„fri 18:30“ x'],
    ['when:„fri 18:30” x'],
    ['when:”fri 18:30” x'],
    ['when:«fri 18:30» x'],
    ["when:'fri 18:30' x"],
    ['when:‘fri 18:30’ x'],
  ])('knows the quotes of %s', (text) => {
    expect(read(text)).toEqual({ when: 'fri 18:30', text: 'x' });
  });

  it('reads escaped quotes and backslashes in quotes, and leaves other backslashes alone', () => {
    expect(read(String.raw`title:"She said \"hi\" \\ there" x`)).toEqual({
      title: String.raw`She said "hi" \ there`,
      text: 'x',
    });
    expect(read(String.raw`media:"C:\new pics\a.png" x`)).toEqual({
      media: [String.raw`C:\new pics\a.png`],
      text: 'x',
    });
  });

  it('takes an apostrophe inside single quotes as one', () => {
    expect(read("title:'Don't stop' x")).toEqual({ title: "Don't stop", text: 'x' });
  });

  it('keeps line breaks inside quotes', () => {
    expect(read('first_comment:"one\ntwo" x')).toEqual({ first_comment: 'one\ntwo', text: 'x' });
  });

  it('lets an empty value in quotes stand for taking it away', () => {
    expect(read('link:"" x')).toEqual({ link: '', text: 'x' });
  });

  it('goes on with a list of targets after a comma', () => {
    expect(read('to:x, tumblr , pinterest when:fri Hello, you')).toEqual({
      to: 'x, tumblr , pinterest',
      when: 'fri',
      text: 'Hello, you',
    });
    expect(read('to:x to:tumblr Hello')).toEqual({ to: 'x,tumblr', text: 'Hello' });
  });

  it('collects media and alt in order, always as lists', () => {
    expect(read('media:a.png alt:"An owl" media:https://b.example/b.png alt:Snow hi')).toEqual({
      media: ['a.png', 'https://b.example/b.png'],
      alt: ['An owl', 'Snow'],
      text: 'hi',
    });
    expect(read('media:a.png')).toEqual({ media: ['a.png'] });
  });

  it.each([
    ['yes', 'yes'],
    ['ON', 'yes'],
    ['true', 'yes'],
    ['no', 'no'],
    ['off', 'no'],
    ['0', 'no'],
  ])('switch %s is %s', (typed, value) => {
    expect(read(`force:${typed} x`)).toEqual({ force: value, text: 'x' });
  });
});

describe('the text', () => {
  it.each([
    'http://a.example is up',
    'https://a.example',
    'Note: this',
    'to be: or not',
    '12:30 is lunch',
    ':tada: we did it',
    'mailto:me@a.example',
    'hello when:now and more',
    'see link:https://a.example',
    'the ratio is 1:2',
    'at the end: to:',
    'Breaking:news',
    '"quoted" words',
    'a\\nb',
    '#hashtag first',
    'constructor:x toString:y __proto__:z',
  ])('is text as it stands: %s', (text) => {
    expect(read(text)).toEqual({ text });
    expect(read(`to:x ${text}`)).toEqual({ to: 'x', text });
  });

  it('keeps lines, empty lines, indentation and trailing blanks exactly', () => {
    expect(read('to:x\n\n  roses\n\n\tviolets \n')).toEqual({ to: 'x', text: '  roses\n\n\tviolets \n' });
    expect(read('to:x   one\n two')).toEqual({ to: 'x', text: 'one\n two' });
  });

  it('may be named, with what looks like options inside', () => {
    expect(read('text:"to:x when:now" to:x')).toEqual({ text: 'to:x when:now', to: 'x' });
  });

  it('goes to the next open option where a command has none for it', () => {
    expect(read('AB12-CD34', start)).toEqual({ code: 'AB12-CD34' });
    expect(read(' 2 ', queue)).toEqual({ page: '2' });
    expect(read('page:2 waiting', queue)).toEqual({ page: '2', state: 'waiting' });
  });

  it('takes a post id without its option name', () => {
    expect(read('#K7QPD New words: all', edit)).toEqual({ post: '#K7QPD', text: 'New words: all' });
    expect(read('to:x #K7QPD New', edit)).toEqual({ to: 'x', post: '#K7QPD', text: 'New' });
    expect(read('3pukd New words', edit)).toEqual({ post: '3pukd', text: 'New words' });
    expect(read('K7QPD tomorrow 9:00', move)).toEqual({ post: 'K7QPD', when: 'tomorrow 9:00' });
    expect(read('K7QPD when:fri', move)).toEqual({ post: 'K7QPD', when: 'fri' });
  });

  it('does not take the first word of a text for a post id', () => {
    expect(read('New words', edit)).toEqual({ text: 'New words' });
    expect(read('post:K7QPD #sale now', edit)).toEqual({ post: 'K7QPD', text: '#sale now' });
  });
});

describe('slips', () => {
  it.each([
    ['wehn:tomorrow Hello', 'when'],
    ['tot:x Hello', 'to'],
    ['med:a.png Hello', 'media'],
    ['to:x prority:high Hello', 'priority'],
    ['first-comment:x', undefined],
    ['firstcomment:"x" y', 'first_comment'],
  ])('%s', (text, meant) => {
    if (meant === undefined) return expect(read(text)).toEqual({ text });
    const error = fault(text);
    expect(error.code).toBe('OPTION_UNKNOWN');
    expect(error.message).toContain(`Did you mean “${meant}”?`);
    expect(error.hint).toContain('text:"');
  });

  it.each([
    ['Hello world to:x', 'to:x'],
    ['Hello when:"tomorrow 9:00"', 'when:"tomorrow 9:00"'],
    ['Hello when:“fri 18:30” \n', 'when:“fri 18:30”'],
    ['Hello priority:high', 'priority:high'],
  ])('an option after the words is not published with them: %s', (text, option) => {
    const error = fault(text);
    expect(error.code).toBe('OPTION_INVALID');
    expect(error.message).toContain(`“${option}” stands after the words`);
    expect(error.hint).toContain(`Options come first: ${option} Hello`);
    expect(error.hint).toContain('text:"…"');
    expect(read(`text:'${text.trim()}'`)).toEqual({ text: text.trim() });
  });

  it('a target among the words is noticed where none was given: they would go to everybody', () => {
    const error = fault('Hello to:x,tumblr world');
    expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    expect(error.message).toContain('“to:x,tumblr” stands among the words');
    expect(error.hint).toContain('to:x,tumblr Hello world.');
    expect(read('to:x Hello to:tumblr world')).toEqual({ to: 'x', text: 'Hello to:tumblr world' });
  });

  it.each([
    ['when:morgen um 9 to:x Hallo', 'um 9'],
    ['when:demain à 9h to:x Salut', 'à 9h'],
    ['when:mañana a las 9 Hola', 'a las 9'],
    ['when:fr 18 uhr Hallo', '18 uhr'],
    ['when:domani a mezzanotte Ciao', 'a mezzanotte'],
  ])('a moment in another language that is cut at a space is noticed: %s', (text, following) => {
    expect(fault(text).message).toContain(`“${following}” follows it`);
  });

  it('an option that only another command has is not published as words', () => {
    const elsewhere = new Map([['post', 'edit']]);
    expect(() => parseCommandText(schedule, 'post:#K7QPD Hello', elsewhere)).toThrow('/edit has it');
    expect(parseCommandText(schedule, 'page:2 Hello', elsewhere)).toEqual({ text: 'page:2 Hello' });
    expect(parseCommandText(edit, 'post:#K7QPD Hello', elsewhere)).toEqual({ post: '#K7QPD', text: 'Hello' });
  });

  it('names what is possible where a command takes no free text', () => {
    expect(fault('foo:bar', queue)).toMatchObject({
      code: 'OPTION_UNKNOWN',
      hint: 'Possible here: page: state:.',
    });
    expect(fault('page:1 state:x more', queue)).toMatchObject({
      code: 'OPTION_UNKNOWN',
      message: '/queue does not know what to do with “more”.',
    });
    expect(fault('now', pause)).toMatchObject({ code: 'OPTION_UNKNOWN', hint: 'Possible here: none.' });
  });

  it('refuses an open quote and words glued to a closing one', () => {
    expect(fault('when:"tomorrow 9:00 Hello')).toMatchObject({
      code: 'OPTION_INVALID',
      message: 'The quote after when: is not closed: when:"tomorrow 9:00 Hello',
    });
    expect(fault('title:"say "hi" now" x')).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('refuses an option without a value and says how to post it as words', () => {
    const error = fault('title: My story');
    expect(error.code).toBe('OPTION_INVALID');
    expect(error.message).toBe('title: has no value.');
    expect(error.hint).toContain('text:"title: …"');
  });

  it.each([
    ['when:tomorrow 9:00 Hello', 'when:"tomorrow 9:00"'],
    ['when:fri 6pm Hello', 'when:"fri 6pm"'],
    ['when:2027-01-03 09:00 Hello', 'when:"2027-01-03 09:00"'],
    ['when:fri at 9 Hello', 'when:"fri at 9"'],
    ['when:in 20 min Hello', 'when:"in …"'],
    ['when:25.12. 9:00 Hello', 'when:"25.12. 9:00"'],
    ['when:25.12.2026 18.30 Hello', 'when:"25.12.2026 18.30"'],
    ['when:dec 27 Hello', 'when:"dec …"'],
    ['when:fri 27.11. Hello', 'when:"fri 27.11."'],
    ['when:9:00 pm Hello', 'when:"9:00 pm"'],
    ['when:18.30 Uhr Hello', 'when:"18.30 Uhr"'],
    ['when:9:00 Europe/Rome Hello', 'when:"9:00 Europe/Rome"'],
    ['when:9:00 UTC Hello', 'when:"9:00 UTC"'],
    ['when:friday evening Hello', 'when:"friday evening"'],
    ['when:morgen Abend Konzert', 'when:"morgen Abend"'],
    ['when:viernes por la noche Concierto', 'when:"viernes por la noche"'],
  ])('does not publish half of a time: %s', (text, remedy) => {
    const error = fault(text);
    expect(error.code).toBe('OPTION_INVALID');
    expect(error.hint).toContain(remedy);
  });

  it('leaves a text that begins with a time alone when the moment is whole', () => {
    expect(read('when:18:30 20:00 doors open')).toEqual({ when: '18:30', text: '20:00 doors open' });
    expect(read('when:"fri" 20:00 doors open')).toEqual({ when: 'fri', text: '20:00 doors open' });
    for (const text of ['in/out of stock', 'UTCoin', 'p. 9', 'am Hafen', 'Input/Output'])
      expect(read(`when:18:30 ${text}`)).toEqual({ when: '18:30', text });
    expect(read('when:fri Evening concert')).toEqual({ when: 'fri', text: 'Evening concert' });
    expect(read('when:martes 3.5 puntos')).toEqual({ when: 'martes', text: '3.5 puntos' });
  });

  it('refuses an option or the text given twice', () => {
    expect(fault('when:fri when:sat x')).toMatchObject({
      code: 'OPTION_INVALID',
      message: 'when: is given twice: “fri” and “sat”.',
    });
    expect(fault('text:"a" b')).toMatchObject({
      code: 'OPTION_INVALID',
      message: 'text: is given twice: “a” and “b”.',
    });
  });

  it('refuses a switch that is neither on nor off', () => {
    expect(fault('force:maybe x')).toMatchObject({
      code: 'OPTION_INVALID',
      hint: 'Write force:yes or force:no.',
    });
  });

  it('repeats little of a long text', () => {
    expect(fault(`page:1 state:x ${'w'.repeat(50_000)}`, queue).message.length).toBeLessThan(120);
  });
});

describe('characters that cannot be seen', () => {
  it('removes control characters everywhere and keeps tabs and line breaks', () => {
    expect(read('to:x\x00 a\x1b[31mred\x07\x9b2J\tb\x7f\r\nc\rd')).toEqual({
      to: 'x',
      text: 'a[31mred2J\tb\nc\nd',
    });
  });

  it('turns line and paragraph separators into line breaks and drops half characters', () => {
    expect(read('a\u2028b\u2029c\u0085d\ud800e')).toEqual({ text: 'a\nb\nc\nde' });
  });

  it('keeps direction and joiners in words that are published', () => {
    const words = '\u202Bשלום\u202C \u2067עולם\u2069 👩\u200D👧 می\u200Cخواهم \u200Fx';
    expect(read(`title:"${words}" ${words}`)).toEqual({ title: words, text: words });
  });

  it('removes them from values that are looked up', () => {
    expect(
      read('to:\u202Ex\u202C,\u2066tumblr\u2069 when:"\u200Ffri 9:00\uFEFF" media:\u202AC:\\a.png x'),
    ).toEqual({
      to: 'x,tumblr',
      when: 'fri 9:00',
      media: ['C:\\a.png'],
      text: 'x',
    });
  });
});

describe('size', () => {
  it.each([
    ['one word', 'w'.repeat(100_000)],
    ['spaces', `to:x${' '.repeat(99_000)}y`],
    ['an open list', `to:${'x,'.repeat(50_000)}`],
    ['spaces after a list', `to:x,y${' '.repeat(99_990)}`],
    ['many options', 'media:a '.repeat(12_500)],
    ['many targets', 'to:x '.repeat(20_000)],
    ['escapes', `title:"${'\\"'.repeat(50_000)}" x`],
    ['an open quote', `title:"${'a '.repeat(50_000)}`],
    ['colons', 'a:'.repeat(50_000)],
    ['lines', '\n \n'.repeat(33_000)],
    ['emoji', '👩‍👧'.repeat(12_500)],
  ])('100,000 characters of %s do not take time by the square of the length', (_, text) => {
    const began = performance.now();
    try {
      read(text);
    } catch (error) {
      expect(error).toBeInstanceOf(CarillonError);
    }
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
