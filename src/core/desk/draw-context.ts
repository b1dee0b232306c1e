/** What every reply about posts is drawn with. */
import type { DrawContext } from '../cards/parts.ts';
import type { Services } from '../services/services.ts';
import type { Workspace } from '../words.ts';

/** A command's own context will do. */
export function drawContextOf({
  services: { clock, accounts },
  workspace,
}: {
  readonly services: Pick<Services, 'clock' | 'accounts'>;
  readonly workspace: Workspace;
}): DrawContext {
  const { labelOf, formatOf, coverOf } = accounts;
  return { now: clock.now(), workspace, labelOf, formatOf, coverOf };
}
