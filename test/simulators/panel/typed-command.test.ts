import { expect, it } from 'vitest';
import { readTyped } from './typed-command.ts';

const OPTIONS = [
  { name: 'when', type: 3 },
  { name: 'thread', type: 5 },
  { name: 'page', type: 4 },
  { name: 'text', type: 3 },
];
const read = (line: string, options = OPTIONS) => readTyped(line, () => options);

it('fields stand before the rest, which is the text', () => {
  expect(read('/schedule when:"tomorrow 9:00" thread:yes page:2 Note: two\nlines')).toEqual({
    name: 'schedule',
    given: { when: 'tomorrow 9:00', thread: true, page: 2, text: 'Note: two\nlines' },
  });
  expect(read('/schedule https://example.org').given).toEqual({ text: 'https://example.org' });
});

it('without a field for text the rest fills the first that is empty', () => {
  expect(read('/show #K7QPD', [{ name: 'post', type: 3 }])).toEqual({
    name: 'show',
    given: { post: '#K7QPD' },
  });
  expect(read('/help', OPTIONS)).toEqual({ name: 'help', given: {} });
});
