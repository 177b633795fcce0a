import { Race, StoreRefused } from '#server/exchange/store.ts';

/** Keys that say somebody else took the same act, or met the same device for the first time, at the same moment. */
const takenKeys = ['act_pkey', 'act_taken_once', 'device_state_pkey'];

/** What an error of the database means for a transaction: do it again, never like this, or (anything else) unknown. */
export function storeError(error: unknown): unknown {
  const { code, constraint_name: constraint } = error as { code?: unknown; constraint_name?: string };
  if (typeof code !== 'string') return error;
  if (code === '40001' || code === '40P01') return new Race(code);
  if (code === '23505' && takenKeys.includes(constraint ?? '')) return new Race(code);
  // Class 22: a value that fits no column; class 23: a key or check; 54: something too large.
  if (/^(22|23|54)/.test(code))
    return new StoreRefused(`The database refused a write (${code}, ${constraint ?? '-'}).`);
  return error;
}

/** Codes that say the database is there but cannot now: 53 too little of something, 55P03 a lock, 57 ended or cut off. */
const unavailableCodes = /^(08|53|55P03|57014|57P0|CONNECT|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT)/;

/** Whether an error means that the database cannot be asked now; what was asked may be asked again. */
export function isUnavailable(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && unavailableCodes.test(code);
}
