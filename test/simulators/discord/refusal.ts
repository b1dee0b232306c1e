/** How the simulated Discord says no: HTTP status, JSON error code and sentence, as the real one does. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: unknown;

  constructor(status: number, code: number, message: string, errors?: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): unknown {
    return {
      message: this.message,
      code: this.code,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    };
  }
}

export const unknownChannel = (): Refusal => new Refusal(404, 10003, 'Unknown Channel');
export const unknownMessage = (): Refusal => new Refusal(404, 10008, 'Unknown Message');
export const unknownWebhook = (): Refusal => new Refusal(404, 10015, 'Unknown Webhook');
export const unknownInteraction = (): Refusal => new Refusal(404, 10062, 'Unknown interaction');
export const alreadyAcknowledged = (): Refusal =>
  new Refusal(400, 40060, 'Interaction has already been acknowledged.');
export const missingAccess = (): Refusal => new Refusal(403, 50001, 'Missing Access');
export const cannotMessageUser = (): Refusal => new Refusal(403, 50007, 'Cannot send messages to this user');
export const missingPermissions = (): Refusal => new Refusal(403, 50013, 'Missing Permissions');
export const invalidWebhookToken = (): Refusal => new Refusal(401, 50027, 'Invalid Webhook Token');

/** A body that breaks a rule; `faults` name the place and the rule. */
export class InvalidForm extends Refusal {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(400, 50035, `Invalid Form Body: ${faults.join('; ')}`, { _errors: faults });
    this.faults = faults;
  }
}

/** Refuses a body in which rules are broken. */
export function insist(faults: readonly string[]): void {
  if (faults.length > 0) throw new InvalidForm(faults);
}
