import { m } from '#messages';

/** A part of a browser that is taken away, and the sentence under 我的 that says what is different then. */
export interface Feature {
  /** Runs in every page before the app; it must stand alone. */
  readonly remove: () => void;
  /** Null where the person loses nothing that the app gives with it. */
  readonly said: (() => string) | null;
}

export type FeatureName = keyof typeof features;

export const features = {
  serviceWorker: {
    remove: () => void Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'),
    said: m.access_missing_offline_start,
  },
  /** OPFS. */
  ownFile: {
    remove: () => {
      Reflect.deleteProperty(StorageManager.prototype, 'getDirectory');
      // The worker is asked for the file; without OPFS this is what it answers.
      const { Worker: Whole } = globalThis;
      class WithoutFile extends Whole {
        override postMessage(message: { id: number }): void {
          const error = 'TypeError: navigator.storage.getDirectory is not a function';
          setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: { id: message.id, error } })), 0);
        }
      }
      globalThis.Worker = new Proxy(Whole, {
        construct: (of, [url, options]: [string, WorkerOptions?]) =>
          options?.name === 'journal' ? new WithoutFile(url, options) : new of(url, options),
      });
    },
    said: m.access_missing_own_file,
  },
  locks: { remove: () => void Reflect.deleteProperty(Navigator.prototype, 'locks'), said: m.access_missing_one_tab },
  channel: {
    remove: () => void Reflect.deleteProperty(globalThis, 'BroadcastChannel'),
    said: m.access_missing_one_tab,
  },
  pokes: { remove: () => void Reflect.deleteProperty(globalThis, 'EventSource'), said: m.access_missing_news },
  push: {
    remove: () => {
      Reflect.deleteProperty(globalThis, 'Notification');
      Reflect.deleteProperty(globalThis, 'PushManager');
    },
    said: m.access_no_ringing,
  },
  persistence: {
    remove: () => {
      Reflect.deleteProperty(StorageManager.prototype, 'persist');
      Reflect.deleteProperty(StorageManager.prototype, 'persisted');
    },
    said: m.access_missing_lasting,
  },
  wakeLock: {
    remove: () => void Reflect.deleteProperty(Navigator.prototype, 'wakeLock'),
    said: m.access_missing_awake,
  },
  localStorage: {
    remove: () =>
      void Object.defineProperty(globalThis, 'localStorage', {
        configurable: true,
        get: () => {
          throw new DOMException('Forbidden by the person.', 'SecurityError');
        },
      }),
    said: m.access_missing_memory,
  },
  /** Only the second place where there is no file; with one nothing is lost. */
  cacheStorage: { remove: () => void Reflect.deleteProperty(globalThis, 'caches'), said: null },
  canvas: {
    remove: () => void Reflect.deleteProperty(globalThis, 'OffscreenCanvas'),
    said: m.access_missing_photos,
  },
} satisfies Readonly<Record<string, Feature>>;

/** Sentences that must be read under 我的 when these are missing. */
export function sentencesFor(missing: readonly FeatureName[]): readonly string[] {
  const gone = new Set(missing);
  const said = missing.map((name) => {
    if (name === 'ownFile' && gone.has('cacheStorage')) return m.access_missing_second_place();
    return features[name].said?.();
  });
  return [...new Set(said.filter((sentence) => sentence !== undefined))];
}
