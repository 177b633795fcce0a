import type { StationStore, StationTransaction } from '#server/exchange/store.ts';

export interface StoreCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

interface Steps {
  /** Runs before each call; what it throws the store has thrown. */
  readonly before?: (call: StoreCall) => unknown;
  /** What the caller gets for the store's own answer. */
  readonly after?: (call: StoreCall, result: unknown) => unknown;
}

/** A store that notes what it is asked, and that a test can let fail or answer otherwise. */
export function watched(inner: StationStore, { before, after }: Steps = {}) {
  const calls: StoreCall[] = [];
  const hear = async <T>(name: string, args: readonly unknown[], run: () => Promise<T>): Promise<T> => {
    const call = { name, args };
    calls.push(call);
    await before?.(call);
    const result = await run();
    return (after ? await after(call, result) : result) as T;
  };
  type Method = (...args: unknown[]) => Promise<unknown>;
  const through = (tx: StationTransaction): StationTransaction =>
    new Proxy(tx, {
      get: (of, name) => {
        const method = of[name as keyof StationTransaction] as Method;
        return (...args: unknown[]) => hear(String(name), args, () => method.apply(of, args));
      },
    });
  const store: StationStore = {
    glance: (...args) => hear('glance', args, () => inner.glance(...args)),
    transaction: (station, mode, work) => {
      calls.push({ name: mode, args: [] });
      return inner.transaction(station, mode, (tx) => work(through(tx)));
    },
  };
  const names = (): string[] => calls.map(({ name }) => name);
  return { store, calls, names, count: (name: string) => names().filter((one) => one === name).length };
}
