/** `/accounts`: where posts can go, and what is wrong with an account when something is. */
import { timeOf } from '../src/core/cards/parts.ts';
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { drawContextOf } from '../src/core/desk/draw-context.ts';
import { code, type Line, type Mark, type Reply, strong, text } from '../src/core/reply.ts';
import type { Account } from '../src/core/words.ts';

function state(account: Account, context: CommandContext): { mark: Mark; detail: Line } {
  if (account.health !== 'ok') return { mark: 'failed', detail: [account.healthMessage ?? account.health] };
  if (account.heldUntil && account.heldUntil > context.clock.now()) {
    return {
      mark: 'waiting',
      detail: [
        `${account.holdReason ?? 'The network asks to wait.'} Goes on `,
        timeOf(account.heldUntil, drawContextOf(context)),
        '.',
      ],
    };
  }
  if (account.mode === 'rehearsal')
    return { mark: 'ok', detail: ['rehearsal: same rules, but posts go to the local wall only'] };
  return {
    mark: 'ok',
    detail: account.profileUrl
      ? [{ kind: 'link', text: account.name, url: account.profileUrl }]
      : [account.name],
  };
}

async function list(context: CommandContext): Promise<Reply> {
  const accounts = await context.services.accounts.list(context.workspace.id);
  if (accounts.length === 0) {
    return {
      tone: 'warning',
      title: ['There is no account yet'],
      blocks: [text('Networks are connected with variables; README, “Connect a network”, tells which.')],
      personal: true,
    };
  }
  const chosen = context.workspace.defaultTargets;
  const rows = accounts.map((account) => {
    const { mark, detail } = state(account, context);
    const usual = chosen.includes(account.id) ? ' · default' : '';
    return {
      mark,
      label: [strong(context.services.accounts.labelOf(account)), usual],
      detail: [code(`${account.network}:${account.handle}`), ' ', ...detail],
    };
  });
  const rehearsing = accounts.some((account) => account.mode === 'rehearsal');
  return {
    tone: 'info',
    title: ['Accounts'],
    blocks: [
      { kind: 'rows', rows },
      text(
        'Put one before the words: ',
        code('to:x'),
        ', a handle, or ',
        code('to:all'),
        '. The default is set with ',
        code('/settings default_to:x,tumblr'),
        '.',
      ),
      ...(rehearsing
        ? [
            text(
              'A rehearsal account becomes a real one when its variables are set; README, “Connect a network”, tells which.',
            ),
          ]
        : []),
    ],
    personal: true,
  };
}

export default defineCommand({
  name: 'accounts',
  summary: 'Where posts can go',
  role: 'viewer',
  options: {},
  examples: ['/accounts'],
  run: (context) => list(context),
});
