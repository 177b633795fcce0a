import { station } from '#engine/client/station.svelte.ts';
import type { AnyKind } from '#engine/kind.ts';
import { registry } from '#kinds-on-phone';
import { m } from '#messages';
import type { Ledger, ReadLedger } from './ledger.ts';
import { knownPeople, ledgerToActs, passesMax, stationKnown, type LedgerActs } from './ledger-to-acts.ts';

/** What the screen may see of the station, as the reader of ledgers wants it. */
const records = { all: <K extends AnyKind>(kind: K) => station.records(kind).all() };

type Step =
  | { readonly name: 'choose' }
  | { readonly name: 'reading'; readonly file: string }
  | { readonly name: 'refused'; readonly file: string; readonly ledger: Extract<Ledger, { outcome: 'refused' }> }
  | { readonly name: 'look'; readonly ledger: ReadLedger; readonly acts: LedgerActs }
  | { readonly name: 'writing'; readonly done: number; readonly all: number }
  | { readonly name: 'done'; readonly ledger: ReadLedger; readonly acts: LedgerActs }
  | { readonly name: 'stopped'; readonly words: string; readonly ledger: ReadLedger };

/** Bytes of a file that is taken; a community's ledger is a few hundred kilobytes. */
export const fileBytesMax = 20_000_000;

/** One import, from the file to the register. Nothing is changed before the person has looked and said so. */
export class ImportRun {
  step = $state.raw<Step>({ name: 'choose' });
  #pinyinOf: ((name: string) => string | null) | undefined;

  constructor(readonly pinyinReader: () => Promise<(name: string) => string | null>) {}

  again(): void {
    this.step = { name: 'choose' };
  }

  /** Reads a file in this browser; it leaves the machine only as the acts that are done with it. */
  async read(file: File): Promise<void> {
    this.step = { name: 'reading', file: file.name };
    if (file.size > fileBytesMax) {
      const ledger = { outcome: 'refused', reason: 'too-large-when-unpacked' } as const;
      this.step = { name: 'refused', file: file.name, ledger };
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    // The reader brings the spreadsheet library along; only who imports loads it.
    const [{ readLedger }, pinyinOf] = await Promise.all([import('./read-ledger.ts'), this.pinyinReader()]);
    this.#pinyinOf = pinyinOf;
    const known = stationKnown(records);
    const ledger = await readLedger(bytes, file.name, { today: station.today, knownPeople: knownPeople(known) });
    if (ledger.outcome === 'refused') this.step = { name: 'refused', file: file.name, ledger };
    else this.step = { name: 'look', ledger, acts: this.#actsOf(ledger) };
  }

  /** Does the acts, pass after pass, and says how far it is. */
  async write(): Promise<void> {
    if (this.step.name !== 'look') return;
    const { ledger, acts } = this.step;
    let next = acts;
    for (let pass = 0; pass < passesMax && next.calls.length > 0; pass += 1) {
      for (const [at, { name, args }] of next.calls.entries()) {
        this.step = { name: 'writing', done: at, all: next.calls.length };
        const act = registry.mutations.get(name);
        if (!act) throw new Error(`No act is called "${name}".`);
        const outcome = await station.mutate(act, args as never);
        if (!('refusal' in outcome)) continue;
        this.step = { name: 'stopped', words: station.refusalWords(outcome.refusal.code, name), ledger };
        return;
      }
      next = this.#actsOf(ledger);
    }
    this.step = { name: 'done', ledger, acts };
  }

  #actsOf(ledger: ReadLedger): LedgerActs {
    const options = this.#pinyinOf ? { pinyinOf: this.#pinyinOf } : {};
    return ledgerToActs(ledger, stationKnown(records), { ...options, today: station.today });
  }
}

/** What is asked of a person about a row, in words. */
export const questionWords = {
  'near-duplicate': () => m.import_question_near_duplicate(),
  differs: () => m.import_question_differs(),
  'not-found': () => m.import_question_not_found(),
  'order-differs': () => m.import_question_order_differs(),
  'no-kitchen': () => m.import_question_no_kitchen(),
} as const;
