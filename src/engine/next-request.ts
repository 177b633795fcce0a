import { wireOf } from './answer-commit.ts';
import type { StoredEntry } from './device-storage.ts';
import { lossesPerExchange } from './limits.ts';
import { bestTime, protocolVersion, type ExchangeRequest, type LostActs } from './protocol.ts';
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
  const sent = unsent.length <= atMost ? unsent : urgentFirst(registry, unsent).slice(0, atMost);
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
