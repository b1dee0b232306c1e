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

  it('stay with a button whose action names something newer, and stand in order', () => {
    const choices = new Choices();
    const labelled = (...buttons: [string, string][]): Reply => ({
      tone: 'info',
      blocks: [],
      buttons: [buttons.map(([label, action]) => ({ label, style: 'default' as const, action }))],
    });
    choices.offer('card', labelled(['Post it', 'go:1'], ['Cancel', 'cancel:1']), true);
    expect(
      numbers(choices.offer('card', labelled(['Move', 'move:2'], ['Cancel', 'cancel:2']), false)),
    ).toEqual(['2 cancel:2', '3 move:2']);
    expect(choices.find(2)?.button.action).toBe('cancel:2');
    // Two of one label never share a number.
    const twice = choices.offer('card', labelled(['Cancel', 'cancel:3'], ['Cancel', 'cancel:4']), false);
    expect(numbers(twice)).toEqual(['2 cancel:3', '4 cancel:4']);
  });

  it('of one message end together', () => {
    const choices = new Choices();
    choices.offer('a', reply('x', 'y'), true);
    choices.offer('n', reply('z'), false);
    choices.close('a');
    expect(numbers(choices.open)).toEqual(['3 z']);
  });
});
