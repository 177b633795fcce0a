/**
 * One ledger on the table, from its bytes to the acts: opened once, read again as often as somebody says what a column
 * is, held against the station as often as somebody decides about a row. It stays where the work is done (the page's
 * worker); what the page shows comes out as plain data without the twenty thousand rows.
 */
import { cutIntoPieces } from './act-pieces.ts';
import type { ImportCall } from './import-calls.ts';
import type { Ledger, LedgerLayoutView, ReadLedger, Refusal, UnreadableRow, Warning } from './ledger.ts';
import { ledgerToActs, knownPeople, type Decision, type Question, type StationKnown } from './ledger-to-acts.ts';
import { openLedger, readOpened, type GivenLayouts, type OpenedLedger, type ReadProgress } from './read-ledger.ts';
import { summaryLines } from './report.ts';

/** What the page shows of a ledger that was read. */
export interface LedgerSeen {
  readonly fileName: string;
  readonly kind: ReadLedger['kind'];
  readonly summary: readonly string[];
  readonly layouts: readonly LedgerLayoutView[];
  readonly unreadable: readonly UnreadableRow[];
  /** The first of them; all are counted. */
  readonly warnings: readonly Warning[];
  readonly warningCount: number;
}

/** What the page shows of what would be done. */
export interface ActsSeen {
  readonly pieces: number;
  readonly fresh: number;
  readonly known: number;
  readonly completed: number;
  readonly questions: readonly Question[];
}

export interface DeskSettings {
  readonly today: string;
  readonly locale: 'zh-CN' | 'en';
}

export type Seen = LedgerSeen | Refusal;

const shownAtMost = 100;

export class LedgerDesk {
  #opened: OpenedLedger | null = null;
  #ledger: ReadLedger | null = null;
  #pieces: readonly ImportCall[] = [];

  constructor(
    readonly settings: DeskSettings,
    readonly told: (progress: ReadProgress) => void = () => undefined,
  ) {}

  /** Opens a file; a file that cannot be opened is a refusal, as when it is read. */
  async open(bytes: Uint8Array, fileName: string): Promise<Refusal | null> {
    this.told({ step: 'open' });
    const opened = await openLedger(bytes, fileName);
    this.#opened = opened.outcome === 'opened' ? opened : null;
    return opened.outcome === 'opened' ? null : opened;
  }

  /** Reads what was opened with what is known about its columns. */
  read(known: StationKnown, layouts: GivenLayouts): Seen {
    if (!this.#opened) return { outcome: 'refused', reason: 'damaged' };
    const { today } = this.settings;
    const options = { today, knownPeople: knownPeople(known), layouts, told: this.told, withLayouts: true };
    const ledger: Ledger = readOpened(this.#opened, options);
    this.#ledger = ledger.outcome === 'read' ? ledger : null;
    return ledger.outcome === 'read' ? this.#seen(ledger) : ledger;
  }

  #seen(ledger: ReadLedger): LedgerSeen {
    const { fileName, kind, layouts = [], unreadable, warnings } = ledger;
    return {
      fileName,
      kind,
      summary: summaryLines(ledger, this.settings.locale),
      layouts,
      unreadable,
      warnings: warnings.slice(0, shownAtMost),
      warningCount: warnings.length,
    };
  }

  /** What would be done with it now. */
  weigh(known: StationKnown, decisions: Readonly<Record<string, Decision>>): ActsSeen {
    this.told({ step: 'weigh' });
    if (!this.#ledger) return { pieces: 0, fresh: 0, known: 0, completed: 0, questions: [] };
    const options = { today: this.settings.today };
    const acts = ledgerToActs(this.#ledger, known, { ...options, decisions });
    this.#pieces = acts.calls.flatMap(cutIntoPieces);
    // What was decided stays in sight, so that one may decide otherwise.
    const asked = Object.keys(decisions).length === 0 ? acts : ledgerToActs(this.#ledger, known, options);
    const { fresh, known: there, completed = 0 } = acts;
    const { questions } = asked;
    return { pieces: this.#pieces.length, fresh, known: there, completed, questions };
  }

  /** One of the acts of the last weighing. */
  piece(at: number): ImportCall | undefined {
    return this.#pieces[at];
  }
}
