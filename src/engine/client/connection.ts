import { deleteDB, openDB } from 'idb';
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreKey, StoreNames, StoreValue } from 'idb';

/** The connection was closed by whoever held it. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed';
  constructor(database: string) {
    super(`The connection to ${database} was closed.`);
  }
}

/** What a database is to look like. */
export interface Form<Schema extends DBSchema> {
  readonly name: string;
  /** Grows when stores are added. */
  readonly version: number;
  readonly stores: Readonly<Record<Extract<StoreNames<Schema>, string>, IDBObjectStoreParameters>>;
}

/** At least one. */
type SomeStores<Schema extends DBSchema> = [StoreNames<Schema>, ...StoreNames<Schema>[]];

interface Attempt<Schema extends DBSchema> {
  readonly database: Promise<IDBPDatabase<Schema>>;
  readonly end: () => void;
}

/** IndexedDB counts ten for one of ours: stores that Dexie has made stand on phones with its numbers. */
const versionStep = 10;
/** How often a broken connection or an open with a passing error is tried again before it is said. */
const triesMax = 3;

/**
 * A connection to one database that mends itself: opened at first use, let go of when another tab wants to change or
 * delete the database, and opened anew at the next use after the browser has closed it. Throws what IndexedDB throws,
 * and ConnectionClosed after `close`.
 */
export class Connection<Schema extends DBSchema> {
  readonly #form: Form<Schema>;
  #attempt: Attempt<Schema> | null = null;
  #isClosed = false;
  /** A page that is put to sleep must not hold up a tab that wants to change the form. */
  readonly #onHide = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#letGo(this.#attempt);
  };

  constructor(form: Form<Schema>) {
    this.#form = form;
    globalThis.addEventListener?.('pagehide', this.#onHide);
  }

  get name(): string {
    return this.#form.name;
  }

  /** Opens the database, also after `close`. */
  open(): Promise<IDBPDatabase<Schema>> {
    this.#isClosed = false;
    return this.#connect();
  }

  /** Whoever still waits for the database to open is told that it was closed. */
  close(): void {
    this.#isClosed = true;
    globalThis.removeEventListener?.('pagehide', this.#onHide);
    this.#letGo(this.#attempt);
  }

  get<Name extends StoreNames<Schema>>(
    store: Name,
    key: StoreKey<Schema, Name>,
  ): Promise<StoreValue<Schema, Name> | undefined> {
    return this.read([store], (transaction) => transaction.objectStore(store).get(key));
  }

  /** One transaction; nothing but its own stores may be awaited in `work`, or the browser ends it. */
  async read<Names extends SomeStores<Schema>, Result>(
    stores: Names,
    work: (transaction: IDBPTransaction<Schema, Names>) => Promise<Result>,
  ): Promise<Result> {
    const transaction = await this.#begin((database) => database.transaction(stores));
    // What went wrong is said by whoever asked for it.
    transaction.done.catch(() => undefined);
    return work(transaction);
  }

  /**
   * One transaction, whole or not at all: resolves when it is on the disk, which is when it may be called saved. The
   * same limits as for `read`.
   */
  async write<Names extends SomeStores<Schema>, Result>(
    stores: Names,
    work: (transaction: IDBPTransaction<Schema, Names, 'readwrite'>) => Promise<Result>,
  ): Promise<Result> {
    // Since Chrome 121 the default lets a power cut take back what was committed.
    const durability = 'strict';
    const transaction = await this.#begin((database) => database.transaction(stores, 'readwrite', { durability }));
    const done = transaction.done.then(
      () => null,
      (error: unknown) => ({ error }),
    );
    let result: Result;
    try {
      result = await work(transaction);
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It has ended already.
      }
      await done;
      throw error;
    }
    const failed = await done;
    if (failed) throw failed.error;
    return result;
  }

  /** A browser that has lost the connection says so only when a transaction is begun. */
  async #begin<Begun>(begin: (database: IDBPDatabase<Schema>) => Begun): Promise<Begun> {
    for (let tries = 0; ; tries += 1) {
      const connecting = this.#connect();
      const attempt = this.#attempt;
      const database = await connecting;
      try {
        return begin(database);
      } catch (error) {
        if (nameOf(error) !== 'InvalidStateError' || tries >= triesMax) throw error;
        this.#letGo(attempt);
      }
    }
  }

  #connect(): Promise<IDBPDatabase<Schema>> {
    if (this.#isClosed) return Promise.reject(new ConnectionClosed(this.name));
    this.#attempt ??= this.#newAttempt();
    return this.#attempt.database;
  }

  #newAttempt(): Attempt<Schema> {
    let isOver = false;
    let stopWaiting: (reason: Error) => void = () => undefined;
    let open: IDBPDatabase<Schema> | null = null;
    const lost = (): void => this.#letGo(attempt);
    const database = new Promise<IDBPDatabase<Schema>>((resolve, reject) => {
      stopWaiting = reject;
      openAny(this.#form, lost).then((opened) => {
        if (isOver) return opened.close();
        open = opened;
        resolve(opened);
      }, reject);
    });
    const end = (): void => {
      isOver = true;
      stopWaiting(new ConnectionClosed(this.name));
      open?.close();
    };
    const attempt = { database, end };
    // The next use tries again.
    database.catch(lost);
    return attempt;
  }

  #letGo(attempt: Attempt<Schema> | null): void {
    attempt?.end();
    if (this.#attempt === attempt) this.#attempt = null;
  }
}

/** Opens a store of this form, of an older one, which is grown, or of a newer one, which is used as far as it is known. */
async function openAny<Schema extends DBSchema>(
  { name, version, stores }: Form<Schema>,
  lost: () => void,
): Promise<IDBPDatabase<Schema>> {
  const form: [StoreNames<Schema>, IDBObjectStoreParameters][] = Object.entries(stores) as never;
  const upgrade = (database: IDBPDatabase<Schema>): void => {
    for (const [store, options] of form)
      if (!database.objectStoreNames.contains(store)) database.createObjectStore(store, options);
  };
  let asked: number | undefined = version * versionStep;
  for (let tries = 0; ; tries += 1) {
    try {
      return await openDB<Schema>(name, asked, { upgrade, blocking: lost, terminated: lost });
    } catch (error) {
      if (nameOf(error) === 'VersionError' && asked !== undefined) asked = undefined;
      // Chrome answers so for a moment while it tidies up.
      else if (nameOf(error) !== 'UnknownError' || tries >= triesMax) throw error;
    }
  }
}

const nameOf = (error: unknown): unknown => (error instanceof Error ? error.name : null);

/** Asks for all before it waits for any; inside a transaction. One that cannot even be asked for rejects as the others do. */
export async function inOneGo<Value>(values: readonly Value[], ask: (value: Value) => Promise<unknown>): Promise<void> {
  await Promise.all(values.map(async (value) => ask(value)));
}

/** Whether there is a database of this name; none is left behind by asking. */
export async function databaseExists(name: string): Promise<boolean> {
  let isNew = false;
  const asking = openDB(name, undefined, {
    upgrade(_database, _from, _to, transaction) {
      isNew = true;
      transaction.done.catch(() => undefined);
      transaction.abort();
    },
  });
  try {
    (await asking).close();
  } catch (error) {
    if (!isNew) throw error;
  }
  return !isNew;
}

/** Deletes a database; tabs that have it open let go of it. */
export function deleteDatabase(name: string): Promise<void> {
  return deleteDB(name);
}
