/** What is left of the networks' allowances of calls, one small document for each set of credentials. */
import type mongoose from 'mongoose';
import type { BudgetStore, RateWindow } from '../core/budget.ts';
import { collectionSchema, modelOf, valueSchema } from './schema.ts';

interface BudgetDocument {
  readonly _id: string;
  readonly windows: readonly RateWindow[];
  readonly updatedAt: Date;
}

const schema = collectionSchema<BudgetDocument>({
  _id: String,
  windows: [valueSchema<RateWindow>({ name: String, limit: Number, remaining: Number, resetAt: Date })],
  updatedAt: Date,
});

/** The budget store of a connection. */
export function budgetStore(connection: mongoose.Connection): BudgetStore {
  const model = modelOf(connection, 'Budget', schema, 'budgets');

  return {
    async find(id) {
      const found = await model.findOne({ _id: id }).lean<BudgetDocument>();
      return found?.windows ?? [];
    },

    async put(id, windows, at) {
      const values = windows.map((window) => ({ ...window }));
      await model.updateOne({ _id: id }, { $set: { windows: values, updatedAt: at } }, { upsert: true });
    },
  };
}
