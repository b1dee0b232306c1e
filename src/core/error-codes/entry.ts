/** A row of the table of error codes: what it means, what the bot does, what the person does; whole sentences. */
export interface ErrorEntry {
  readonly means: string;
  readonly bot: string;
  readonly person: string;
}

export const entry = (means: string, bot: string, person: string): ErrorEntry => ({ means, bot, person });
