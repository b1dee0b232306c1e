/** `/settings`: the time zone, what `to` means when it is left out, and the language of dates. */
import { type CommandContext, defineCommand } from '../src/core/command.ts';
import { usageError } from '../src/core/errors.ts';
import { canonicalLocale, LANGUAGES } from '../src/core/moments/languages.ts';
import { fullMoment } from '../src/core/moments/show.ts';
import { canonicalZone, zonesLike } from '../src/core/moments/zones.ts';
import { code, type Reply, text } from '../src/core/reply.ts';
import { ALL } from '../src/core/services/accounts.ts';
import { atLeast } from '../src/core/services/people.ts';
import type { Account, Workspace } from '../src/core/words.ts';

const SUGGESTIONS = 25;

const sameAccounts = (some: readonly Account[], others: readonly Account[]): boolean =>
  some.length === others.length && some.every((account) => others.some(({ id }) => id === account.id));

/** What stands for no account: all of them, unless others were chosen that are gone. */
const noneOf = ({ defaultTargets }: Workspace): string =>
  defaultTargets.length === 0 ? 'all accounts' : 'not connected any more: choose others with `default_to`';

async function show(
  context: CommandContext,
  workspace: Workspace,
  lead?: string,
  note?: string,
): Promise<Reply> {
  const accounts = await context.services.accounts.list(workspace.id);
  const usual = accounts
    .filter((account) => workspace.defaultTargets.includes(account.id))
    .map((account) => context.services.accounts.labelOf(account));
  return {
    tone: lead ? 'success' : 'info',
    title: [lead ?? 'Settings'],
    blocks: [
      {
        kind: 'rows',
        rows: [
          {
            mark: 'ok',
            label: ['Time zone'],
            detail: [
              `${workspace.timeZone}; now: ${fullMoment(context.clock.now(), workspace.timeZone, workspace.locale)}`,
            ],
          },
          {
            mark: 'ok',
            label: ['Default targets'],
            detail: [usual.length > 0 ? usual.join(', ') : noneOf(workspace)],
          },
          {
            mark: 'ok',
            label: ['Language of dates'],
            detail: [LANGUAGES.find(({ value }) => value === workspace.locale)?.label ?? workspace.locale],
          },
        ],
      },
      ...(note ? [text(note)] : []),
      text(
        'Change: ',
        code('/settings time_zone:Europe/Rome'),
        ' ',
        code('default_to:x,tumblr'),
        ' ',
        code('dates:de'),
      ),
    ],
    personal: true,
  };
}

/** Whoever sets the zone after the first posts may believe that these move with it. */
async function plannedNote(
  { services, workspace }: CommandContext,
  timeZone: string | undefined,
): Promise<string | undefined> {
  if (timeZone === undefined || timeZone === workspace.timeZone) return undefined;
  const { total } = await services.posts.list(workspace.id, {
    standings: ['waiting'],
    order: 'due',
    skip: 0,
    limit: 1,
  });
  if (total === 0) return undefined;
  const posts =
    total === 1 ? 'The post that is planned keeps its' : `The ${total} posts that are planned keep their`;
  return `${posts} instant: /queue shows it by the new clock, /move changes it.`;
}

export default defineCommand({
  name: 'settings',
  summary: 'Time zone, default targets, language of dates',
  role: 'viewer',
  options: {
    time_zone: {
      kind: 'text',
      summary: 'The zone in which you write times, such as Europe/Rome',
      max: 64,
      suggest: (typed) =>
        zonesLike(typed, SUGGESTIONS).map((value) => ({ value, label: value.replaceAll('_', ' ') })),
    },
    default_to: { kind: 'targets', summary: 'Where posts go when `to` is left out' },
    dates: { kind: 'choice', summary: 'The language in which dates are read and shown', choices: LANGUAGES },
  },
  examples: ['/settings', '/settings time_zone:Europe/Rome', '/settings default_to:x,tumblr dates:de'],
  async run(context, options) {
    const { workspace, person } = context;
    const everyone = options.default_to && (await context.services.accounts.resolve(workspace, ALL));
    const patch = {
      ...(options.time_zone === undefined ? {} : { timeZone: canonicalZone(options.time_zone) }),
      ...(options.default_to === undefined
        ? {}
        : {
            // All of them is kept as "all", so that accounts that are connected later belong to it.
            defaultTargets: sameAccounts(options.default_to, everyone ?? [])
              ? []
              : options.default_to.map((account) => account.id),
          }),
      ...(options.dates === undefined ? {} : { locale: canonicalLocale(options.dates) }),
    };
    if (Object.keys(patch).length === 0) return show(context, workspace);
    if (!atLeast(person.role, 'owner')) {
      throw usageError(
        'NOT_ALLOWED',
        `Changing settings needs the role owner; yours is ${person.role}.`,
        'Ask an owner.',
      );
    }
    const note = await plannedNote(context, patch.timeZone);
    const changed = await context.services.settings.change(workspace.id, patch);
    return show(context, changed, 'Settings changed', note);
  },
});
