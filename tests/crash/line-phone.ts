import { exchangesPerRound } from '#engine/limits.ts';
import type {
  DeviceStorage,
  NewEntry,
  StorageCommit,
  StoredEntry,
  StoredPage,
  StoredState,
} from '#engine/device-storage.ts';
import { noFacts } from '#engine/device-storage.ts';
import type { AnyMutation } from '#engine/kind.ts';
import type { ExchangeAnswer, ExchangeRequest } from '#engine/protocol.ts';
import { Replica } from '#engine/replica.ts';
import { uuidv7 } from 'uuidv7';
import type { PlainDisk, PlainEntry, PlainRow, PlainRows } from '../sync/history.ts';
import { simulatedRegistry } from '../sync/kinds.ts';
import type { Random } from '../sync/random.ts';

/** A disk that works: the simulation breaks disks, here only the server and the line break. */
class SoundDisk implements DeviceStorage {
  state: StoredState = { facts: noFacts, pages: [], entries: [] };
  #seq = 0;

  load = async (): Promise<StoredState> => structuredClone(this.state);

  append = async (entry: NewEntry): Promise<number> => {
    this.#seq += 1;
    const kept: StoredEntry = { ...structuredClone(entry), seq: this.#seq, state: 'unsent' };
    this.state = { ...this.state, entries: [...this.state.entries, kept] };
    return this.#seq;
  };

  commit = async ({ facts, reset, page, judged, unsentAgain, forget }: StorageCommit): Promise<void> => {
    const states = new Map(judged.map((one) => [one.seq, one.state]));
    const entries = this.state.entries
      .filter(({ seq }) => !forget.includes(seq))
      .map((entry): StoredEntry => {
        if (unsentAgain.includes(entry.seq)) return { ...entry, state: 'unsent' };
        return { ...entry, ...states.get(entry.seq) };
      });
    const pages = [...(reset ? [] : this.state.pages), ...(page ? [page] : [])];
    this.state = structuredClone({ facts, pages, entries });
  };

  compact = async (pages: readonly StoredPage[]): Promise<void> => {
    this.state = { ...this.state, pages: structuredClone(pages) };
  };

  acknowledgeRefusal = async (): Promise<void> => undefined;
}

/** Sends one request; null when nobody answered. */
export type Line = (device: string, request: ExchangeRequest) => Promise<ExchangeAnswer | null>;

/** One phone: the real replica over a sound disk, asking over a line that may do anything. */
export class LinePhone {
  #replica: Replica | null = null;
  #exchanging = false;
  readonly #disk = new SoundDisk();

  constructor(
    readonly name: string,
    readonly random: Random,
    readonly line: Line,
  ) {}

  get replica(): Replica {
    if (!this.#replica) throw new Error(`${this.name} was not started.`);
    return this.#replica;
  }

  async start(): Promise<void> {
    const tools = { wallClock: Date.now, monotonic: () => performance.now(), newId: uuidv7 };
    this.#replica = await Replica.open(simulatedRegistry, this.name, this.#disk, tools);
  }

  /** Does an act; gives it when it was called saved. */
  async tap(mutation: AnyMutation, args: Record<string, unknown>): Promise<StoredEntry | null> {
    const outcome = await this.replica.mutate(mutation, args);
    return 'saved' in outcome ? outcome.saved : null;
  }

  /** Asks until nothing more waits or nobody answers. */
  async exchange(): Promise<void> {
    if (this.#exchanging) return;
    this.#exchanging = true;
    try {
      for (let rounds = 0; rounds < exchangesPerRound; rounds += 1) if (!(await this.#exchangeOnce())) break;
    } finally {
      this.#exchanging = false;
    }
  }

  async #exchangeOnce(): Promise<boolean> {
    const request = this.replica.request();
    const answer = await this.line(this.name, request);
    if (!answer) return false;
    await this.replica.accept(request, answer);
    if (!this.replica.agrees(answer)) {
      await this.replica.changeFacts({ cookie: null });
      return true;
    }
    return answer.more || (answer.verdicts.length > 0 && this.replica.unsent.length > 0);
  }

  get entries(): PlainEntry[] {
    return plainEntries(this.replica.entries);
  }

  get shown(): PlainRows {
    const kinds = simulatedRegistry.kinds.map((kind) => [kind.name, this.replica.shown.all(kind) as PlainRow[]]);
    return Object.fromEntries(kinds) as PlainRows;
  }

  get disk(): PlainDisk {
    const { pages, entries, facts } = this.#disk.state;
    const rows = new Map<string, { kind: string; version: number; row: PlainRow }>();
    for (const page of pages) {
      for (const { kind, id } of page.removed) rows.delete(`${kind}/${id}`);
      for (const { kind, version, row } of page.rows) rows.set(`${kind}/${row.id}`, { kind, version, row });
    }
    return { rows, text: JSON.stringify([pages, facts]), entries: plainEntries(entries) };
  }
}

function plainEntries(entries: readonly PlainEntry[]): PlainEntry[] {
  return entries.map(({ seq, id, name, args, state }) => ({ seq, id, name, args, state }));
}
