import { station } from '#engine/client/station.svelte.ts';
import type { AnyKind } from '#engine/kind.ts';
import { getLocale } from '#i18n';
import { m } from '#messages';
import { DeskClosed, DeskPort, type DeskWorker } from './desk-port.ts';
import type { ImportCall } from './import-calls.ts';
import { importPartActs } from './import-part.desk.record.ts';
import { ledgerLayoutActs } from './ledger-layout.desk.record.ts';
import { ledgerLayout, type LedgerLayout } from './ledger-layout.record.ts';
import type { LedgerLayoutView, Refusal } from './ledger.ts';
import type { ActsSeen, LedgerSeen } from './ledger-desk.ts';
import { passesMax, stationKnown, type Decision, type StationKnown } from './ledger-to-acts.ts';
import type { GivenLayouts, ReadProgress } from './read-ledger.ts';

/** What the screen may see of the station, as the reader of ledgers wants it. */
const records = { all: <K extends AnyKind>(kind: K) => station.records(kind).all() };

type Roles = Readonly<Record<number, string>>;

export type Step =
  | { readonly name: 'choose' }
  | { readonly name: 'reading'; readonly file: string; readonly progress: ReadProgress }
  | { readonly name: 'refused'; readonly file: string; readonly refusal: Refusal }
  | { readonly name: 'look'; readonly seen: LedgerSeen; readonly acts: ActsSeen }
  | { readonly name: 'writing'; readonly done: number; readonly all: number }
  | { readonly name: 'done'; readonly run: string; readonly seen: LedgerSeen; readonly acts: ActsSeen }
  | { readonly name: 'stopped'; readonly words: string; readonly run: string };

/** Bytes of a file that is taken; a community's ledger is a few hundred kilobytes. */
export const fileBytesMax = 20_000_000;

const makeWorker = () =>
  new Worker(new URL('./ledger-desk.worker.ts', import.meta.url), { type: 'module' }) as unknown as DeskWorker;

/** One import, from the file to the register. Nothing is changed before the person has looked and said so. */
export class ImportRun {
  step = $state.raw<Step>({ name: 'choose' });
  /** What somebody has set here, by the layout. */
  roles = $state.raw<Readonly<Record<string, Roles>>>({});
  decisions = $state.raw<Readonly<Record<string, Decision>>>({});
  /** The page is being brought up to what was just set or decided. */
  busy = $state(false);
  #port: DeskPort | null = null;
  #file = '';
  #stops = false;

  constructor(readonly pinyinReader: () => Promise<(name: string) => string | null>) {}

  again(): void {
    this.#port?.close();
    this.#port = null;
    this.roles = {};
    this.decisions = {};
    this.step = { name: 'choose' };
  }

  /** Reads a file in this browser; it leaves the machine only as the acts that are done with it. */
  async read(file: File): Promise<void> {
    this.again();
    this.#file = file.name;
    this.step = { name: 'reading', file: file.name, progress: { step: 'open' } };
    if (file.size > fileBytesMax) return this.#refuse({ outcome: 'refused', reason: 'too-large-when-unpacked' });
    await this.#orStopped(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      this.#port = new DeskPort(makeWorker, (progress) => this.#told(progress));
      const refusal = await this.#port.open({ today: station.today, locale: getLocale() }, bytes, file.name);
      if (refusal) this.#refuse(refusal);
      else await this.#readAgain();
    });
  }

  /** What came in stays, and can be taken back. */
  stopWriting(): void {
    this.#stops = true;
  }

  /** Says what a column is; the ledger is read again at once. */
  async setRole(layout: LedgerLayoutView, column: number, role: string): Promise<void> {
    this.roles = { ...this.roles, [layout.key]: { ...this.rolesOf(layout.key), [column]: role } };
    await this.#orStopped(() => this.#readAgain());
  }

  /** Goes back to what the reader makes of the columns by itself. */
  async guessAgain(layout: LedgerLayoutView): Promise<void> {
    this.roles = { ...this.roles, [layout.key]: {} };
    await this.#orStopped(() => this.#readAgain());
  }

  /** What counts for the columns of a layout: what was set here, else what was remembered. */
  rolesOf(key: string): Roles {
    return this.roles[key] ?? this.rememberedFor(key)?.roles ?? {};
  }

  /** What somebody of this community has set before, or of the station. */
  rememberedFor(key: string): LedgerLayout | undefined {
    const found = station.records(ledgerLayout).where({ signature: key });
    return found.find(({ communityId }) => communityId !== null) ?? found[0];
  }

  async decide(key: string, decision: Decision | null): Promise<void> {
    const { [key]: _before, ...others } = this.decisions;
    this.decisions = decision === null ? others : { ...others, [key]: decision };
    if (this.step.name !== 'look' || !this.#port) return;
    const { seen } = this.step;
    const port = this.#port;
    await this.#orStopped(async () => {
      this.step = { name: 'look', seen, acts: await port.weigh(this.#known(), this.decisions) };
    });
  }

  /** Does the acts, pass after pass, and says how far it is. */
  async write(): Promise<void> {
    if (this.step.name !== 'look' || !this.#port) return;
    const { seen, acts } = this.step;
    const run = crypto.randomUUID();
    const port = this.#port;
    this.#stops = false;
    await this.#orStopped(async () => {
      await this.#remember(seen);
      const pinyinOf = await this.pinyinReader();
      let next = acts;
      for (let pass = 0; pass < passesMax && next.pieces > 0; pass += 1) {
        for (let at = 0; at < next.pieces; at += 1) {
          this.step = { name: 'writing', done: at, all: next.pieces };
          const call = await port.piece(at);
          const words = this.#stops
            ? m.import_stopped_by_you()
            : call && (await this.#bringIn(run, withSounds(call, pinyinOf)));
          if (words) return void (this.step = { name: 'stopped', words, run });
        }
        next = await port.weigh(this.#known(), this.decisions);
      }
      this.step = { name: 'done', run, seen, acts };
    });
  }

  async #bringIn(run: string, { name, args }: ImportCall): Promise<string | null> {
    const given = args as Record<string, unknown>;
    const outcome = await station.mutate(importPartActs.bringIn, { run, file: this.#file, act: name, given });
    return 'refusal' in outcome ? station.refusalWords(outcome.refusal.code, importPartActs.bringIn.name) : null;
  }

  /** What was set about the columns is worth something once the file is brought in with it. */
  async #remember({ layouts }: LedgerSeen): Promise<void> {
    for (const { key, remembers } of layouts) {
      const set = this.roles[key];
      const before = this.rememberedFor(key)?.roles ?? {};
      if (!remembers || set === undefined || JSON.stringify(set) === JSON.stringify(before)) continue;
      await station.mutate(ledgerLayoutActs.remember, { signature: key, roles: set });
    }
  }

  async #readAgain(): Promise<void> {
    const port = this.#port;
    if (!port) return;
    const known = this.#known();
    const seen = await port.read(known, this.#layouts());
    if ('outcome' in seen) return this.#refuse(seen);
    this.step = { name: 'look', seen, acts: await port.weigh(known, this.decisions) };
  }

  #layouts(): GivenLayouts {
    const keys = [
      ...station
        .records(ledgerLayout)
        .all()
        .map(({ signature }) => signature),
      ...Object.keys(this.roles),
    ];
    return Object.fromEntries(keys.map((key) => [key, this.rolesOf(key)]));
  }

  #known(): StationKnown {
    return stationKnown(records);
  }

  #refuse(refusal: Refusal): void {
    this.step = { name: 'refused', file: this.#file, refusal };
  }

  #told(progress: ReadProgress): void {
    if (this.step.name === 'reading') this.step = { name: 'reading', file: this.#file, progress };
  }

  /** Runs what asks the worker. Stopping ends at the first step, a worker that broke as a file that cannot be read. */
  async #orStopped(work: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof DeskClosed)) this.#refuse({ outcome: 'refused', reason: 'damaged' });
    } finally {
      this.busy = false;
    }
  }
}

/** The dictionary of sounds stays with the page, which has it for its own search. */
function withSounds({ name, args }: ImportCall, pinyinOf: (name: string) => string | null): ImportCall {
  const { rows, ...others } = args as { readonly rows?: readonly Record<string, unknown>[] };
  if (name !== 'elder.registerMany' || !rows) return { name, args };
  return { name, args: { ...others, rows: rows.map((row) => ({ ...row, pinyin: pinyinOf(row.name as string) })) } };
}
