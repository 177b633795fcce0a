import type { Page } from 'playwright-core';
import type { AnyKind, Row } from '#engine/kind.ts';
import { projectRow, visibleIds } from '#engine/visible.ts';
import { registry } from '#kinds';
import type { Office } from './office.ts';

/** Rows by kind and id, as plain JSON. */
export type Held = Record<string, Record<string, unknown>>;

/** Every stored page of the device in the clear, read and opened in the page itself by hand, without the app's code. */
export function storedPages(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const name = (await indexedDB.databases()).find((one) => one.name?.startsWith('nuanlin-'))?.name;
    if (name === undefined) throw new Error('This browser holds nothing.');
    const database = await done(indexedDB.open(name));
    const stores = database.transaction(['device', 'pages'], 'readonly');
    const own = done(stores.objectStore('device').get('device'));
    const rows = done(stores.objectStore('pages').getAll());
    const { device, kept } = (await own) as { device: string; kept: { key: CryptoKey } };
    const sealed = (await rows) as { bytes: Uint8Array<ArrayBuffer> }[];
    database.close();
    const bound = new TextEncoder().encode(JSON.stringify([1, device, 'pages', 'page', null]));
    const open = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
      const algorithm = { name: 'AES-GCM', iv: bytes.slice(1, 13), additionalData: bound };
      return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, kept.key, bytes.slice(13)));
    };
    return Promise.all(sealed.map(({ bytes }) => open(bytes)));
  });
}

interface StoredPage {
  readonly rows: readonly { readonly kind: string; readonly row: Row }[];
  readonly removed: readonly { readonly kind: string; readonly id: string }[];
}

/** What this browser holds of the centre's records: later pages win. */
export async function heldBy(page: Page): Promise<Held> {
  const held: Held = {};
  for (const text of await storedPages(page)) {
    const { rows, removed } = JSON.parse(text) as StoredPage;
    for (const { kind, row } of rows) (held[kind] ??= {})[row.id] = row;
    for (const { kind, id } of removed) delete held[kind]?.[id];
  }
  return withoutEmpty(held);
}

/** Kinds that change with every contact say nothing about whether two agree. */
const restless = new Set(['device']);

/** What this person may see of what the database holds now, by the rules carried out in memory. */
export async function mayHold(office: Office, person: string, roles: readonly string[]): Promise<Held> {
  const tables = await office.tables();
  const rowsOf = (kind: AnyKind): readonly Row[] => tables.all(kind) as readonly Row[];
  const viewer = { person, roles, communities: 'all' as const, today: office.today };
  const ids = visibleIds(registry, viewer, (name) => rowsOf(registry.kind(name)));
  const held: Held = {};
  for (const kind of registry.kinds) {
    const seen = ids.get(kind.name) ?? new Set();
    const rows = rowsOf(kind).filter(({ id }) => seen.has(id));
    held[kind.name] = Object.fromEntries(rows.map((row) => [row.id, projectRow(kind, row, roles)]));
  }
  return withoutEmpty(JSON.parse(JSON.stringify(held)) as Held);
}

function withoutEmpty(held: Held): Held {
  return Object.fromEntries(
    Object.entries(held).filter(([kind, rows]) => !restless.has(kind) && Object.keys(rows).length > 0),
  );
}
