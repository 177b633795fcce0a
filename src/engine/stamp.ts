import type { NewEntry } from './device-storage.ts';

/** The last contact with the centre since this start of the app. */
export interface Contact {
  /** The centre's time (ms, UTC). */
  readonly serverTime: number;
  /** What the clock said then that nobody can set (ms). */
  readonly monotonic: number;
}

interface Clocks {
  readonly wallClock: () => number;
  readonly monotonic: () => number;
}

/** The times an act carries, so that phone and centre make the same "when" of them. `offset`: server minus wall (ms). */
export function stampOf(
  { wallClock, monotonic }: Clocks,
  contact: Contact | null,
  offset: number | null,
): Pick<NewEntry, 'claimedAt' | 'serverTime' | 'sinceServer' | 'offset'> {
  return {
    claimedAt: wallClock(),
    serverTime: contact?.serverTime ?? null,
    sinceServer: contact ? Math.round(monotonic() - contact.monotonic) : null,
    offset,
  };
}
