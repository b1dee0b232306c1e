/** What is left of the networks' allowances of calls, as it is kept from one start to the next. */

/** What a network said last about one of its allowances of calls. */
export interface RateWindow {
  /** Which calls it bounds, in the network's words: "POST tweets", "the app, by the hour". */
  readonly name: string;
  /** How much the whole window allows, where that is told. */
  readonly limit?: number;
  readonly remaining: number;
  /** From then on there is room again. */
  readonly resetAt: Date;
}

/** What is left of the networks' allowances, for each set of credentials. */
export interface BudgetStore {
  find(id: string): Promise<readonly RateWindow[]>;
  put(id: string, windows: readonly RateWindow[], at: Date): Promise<void>;
}
