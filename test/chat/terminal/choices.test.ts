import { describe, expect, it } from 'vitest';
import { Choices } from '../../../src/chat/terminal/choices.ts';
import type { Reply } from '../../../src/core/reply.ts';

const reply = (...actions: string[]): Reply => ({
  tone: 'info',
  blocks: [],
  buttons: [actions.map((action) => ({ label: action, style: 'default' as const, action }))],
});
const numbers = (buttons: readonly { number: number; action: string }[]) =>
  buttons.map(({ number, action }) => `${number} ${action}`);

describe('numbers of buttons', () => {
  it('begin at 1 for each answer and end the numbers before', () => {
    const choices = new Choices();
    expect(numbers(choices.offer('a', reply('x', 'y', 'z'), true))).toEqual(['1 x', '2 y', '3 z']);
    expect(numbers(choices.offer('b', reply('p'), true))).toEqual(['1 p']);
    expect(choices.find(1)?.button.action).toBe('p');
    expect(choices.find(3)).toBeUndefined();
  });

  it('stay when an answer has no choices of its own', () => {
    const choices = new Choices();
    choices.offer('a', reply('x'), true);
    choices.offer('b', { tone: 'error', blocks: [] }, true);
    expect(choices.find(1)?.button.action).toBe('x');
  });

  it('go on after the open ones for what comes by itself', () => {
    const choices = new Choices();
    choices.offer('a', reply('x', 'y'), true);
    expect(numbers(choices.offer('notice', reply('now', 'drop'), false))).toEqual(['3 now', '4 drop']);
    expect(numbers(choices.offer('other', reply('open'), false))).toEqual(['5 open']);
  });

  it('of a card that is redrawn stay with the buttons that stay, and are not given to others', () => {
    const choices = new Choices();
    choices.offer('card', reply('edit', 'cancel'), true);
    expect(numbers(choices.offer('card', reply('cancel', 'retry'), false))).toEqual(['2 cancel', '3 retry']);
    expect(choices.find(1)).toBeUndefined();
    expect(numbers(choices.offer('card', { tone: 'info', blocks: [] }, false))).toEqual([]);
    expect(choices.find(2)).toBeUndefined();
  });

  it('of one message end together', () => {
    const choices = new Choices();
    choices.offer('a', reply('x', 'y'), true);
    choices.offer('n', reply('z'), false);
    choices.close('a');
    expect(numbers(choices.open)).toEqual(['3 z']);
  });
});
