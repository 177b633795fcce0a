import { m } from '#messages';

/** What a browser may lack. The day is worked all the same; what is different then is said in one sentence each. */
export type Missing =
  'offlineStart' | 'ownFile' | 'secondPlace' | 'oneTab' | 'news' | 'lasting' | 'memory' | 'photos' | 'awake';

/** The parts of the browser that are looked at; undefined is what it lacks. Reading one may throw where it is forbidden. */
export interface BrowserParts {
  readonly navigator: {
    readonly serviceWorker?: unknown;
    readonly locks?: unknown;
    readonly wakeLock?: unknown;
    readonly storage?: { readonly getDirectory?: unknown; readonly persist?: unknown };
  };
  readonly caches?: unknown;
  readonly localStorage?: unknown;
  readonly BroadcastChannel?: unknown;
  readonly EventSource?: unknown;
  readonly OffscreenCanvas?: unknown;
}

const words: Readonly<Record<Missing, () => string>> = {
  offlineStart: m.access_missing_offline_start,
  ownFile: m.access_missing_own_file,
  secondPlace: m.access_missing_second_place,
  oneTab: m.access_missing_one_tab,
  news: m.access_missing_news,
  lasting: m.access_missing_lasting,
  memory: m.access_missing_memory,
  photos: m.access_missing_photos,
  awake: m.access_missing_awake,
};

/** What this browser lacks, the weightiest first. */
export function missingIn(parts: BrowserParts): readonly Missing[] {
  const { navigator } = parts;
  const file = Boolean(navigator.storage?.getDirectory);
  const lacks: Readonly<Record<Missing, boolean>> = {
    offlineStart: !navigator.serviceWorker,
    ownFile: !file && has(() => parts.caches),
    secondPlace: !file && !has(() => parts.caches),
    // Without either, tabs do not know of each other in time.
    oneTab: !navigator.locks || !parts.BroadcastChannel,
    lasting: !navigator.storage?.persist,
    // Where it is forbidden, static/appearance.js puts something in its place that lasts as long as the page.
    memory: !has(() => parts.localStorage && (parts.localStorage as { lasts?: boolean }).lasts !== false),
    news: !parts.EventSource,
    photos: !parts.OffscreenCanvas,
    awake: !navigator.wakeLock,
  };
  return (Object.keys(lacks) as Missing[]).filter((one) => lacks[one]);
}

/** The same in sentences for the person. */
export function missingWords(parts: BrowserParts): readonly string[] {
  return missingIn(parts).map((one) => words[one]());
}

function has(read: () => unknown): boolean {
  try {
    return Boolean(read());
  } catch {
    return false;
  }
}
