import { wireOf } from './answer-commit.ts';
import type { StoredEntry } from './device-storage.ts';
import { argumentSignsPerExchange, lossesPerExchange } from './limits.ts';
import { bestTime, protocolVersion, type ExchangeAnswer, type ExchangeRequest, type LostActs } from './protocol.ts';
import type { Registry } from './registry.ts';

/** What the phone knows when it asks. */
export interface BeforeRequest {
  readonly registry: Registry;
  readonly device: string;
  /** All kept acts in the order they were done. */
  readonly entries: readonly StoredEntry[];
  readonly epoch: string | null;
  readonly cookie: string | null;
  /** What the centre has not been told of yet. */
  readonly lost: readonly LostActs[] | undefined;
  /** Acts in this request at most. */
  readonly atMost: number;
}

/** The next request: unsent acts in the order they were done, the urgent ones in the first of several. */
export function requestOf({ registry, device, entries, epoch, cookie, lost, atMost }: BeforeRequest): ExchangeRequest {
  const unsent = entries.filter(({ state }) => state === 'unsent');
  const fits = fitting(unsent, atMost);
  const sent = fits.length === unsent.length ? fits : fitting(urgentFirst(registry, unsent), atMost);
  const going = new Set(sent);
  const left = unsent.filter((entry) => !going.has(entry));
  const refused = entries.filter((entry) => entry.state === 'refused' && !entry.read).length;
  return {
    protocol: protocolVersion,
    device,
    epoch,
    cookie,
    mutations: [...sent].sort((a, b) => a.seq - b.seq).map(wireOf),
    queue: {
      unsent: left.length,
      oldestAt: left[0] ? bestTime(left[0]) : null,
      refused,
      ...(left[0] ? { numbers: { from: left[0].seq, to: (left.at(-1) as StoredEntry).seq } } : {}),
    },
    ...(lost && lost.length > 0 ? { lost: lost.slice(0, lossesPerExchange) } : {}),
  };
}

/**
 * What to ask for behind this answer while it is still being written; null when that must wait. Its cookie tells the
 * centre that the answer is on the disk. Of records that is harmless before it is true, since a phone that comes back
 * with an older cookie gets them again; a removal the centre forgets once it is confirmed. What this phone holds back or
 * has to tell goes with a request of its own.
 */
export function requestBehind(request: ExchangeRequest, answer: ExchangeAnswer): ExchangeRequest | null {
  const { mutations, queue, epoch, lost, ...rest } = request;
  const { more, patch, cookie } = answer;
  const removes = patch.kinds.some(({ removed }) => removed.length > 0);
  const restored = epoch !== null && epoch !== answer.epoch;
  if (!more || removes || restored || lost || mutations.length + queue.unsent > 0) return null;
  return { ...rest, mutations, queue, epoch: answer.epoch, cookie };
}

/** The first of these acts, so many that one request carries them; one at least. */
function fitting(acts: readonly StoredEntry[], atMost: number): readonly StoredEntry[] {
  let [count, signs] = [0, 0];
  for (const { args } of acts.slice(0, atMost)) {
    signs += JSON.stringify(args ?? null).length;
    if (count > 0 && signs > argumentSignsPerExchange) break;
    count += 1;
  }
  return acts.slice(0, count);
}

/** Urgent acts and whatever they stand on, in order; then the rest. */
function urgentFirst(registry: Registry, unsent: readonly StoredEntry[]): readonly StoredEntry[] {
  const before = new Set<StoredEntry>();
  const take = (entry: StoredEntry): void => {
    if (before.has(entry)) return;
    before.add(entry);
    const said = JSON.stringify(entry.args ?? null);
    // An alarm about a record made on the way is refused unless the act that made the record is there first.
    for (const other of unsent) if (other.seq < entry.seq && said.includes(other.id)) take(other);
  };
  for (const entry of unsent) if (registry.mutations.get(entry.name)?.urgent) take(entry);
  const first = [...before].sort((a, b) => a.seq - b.seq);
  return [...first, ...unsent.filter((entry) => !before.has(entry))];
}
