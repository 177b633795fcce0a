import { station } from '#engine/client/station.svelte.ts';
import { m } from '#messages';
import type { Ledger, ReadLedger } from './ledger.ts';
import type { Question } from './ledger-acts.ts';

type Step = 'choose' | 'reading' | 'refused' | 'look' | 'working' | 'done';

/** One import from the choice of a file to the last act. The reader and the dictionary are fetched only when needed. */
export class ImportRun {
  step = $state<Step>('choose');
  fileName = $state('');
  ledger = $state.raw<ReadLedger | null>(null);
  questions = $state.raw<readonly Question[]>([]);
  problem = $state('');
  fresh = $state(0);
  known = $state(0);
  done = $state(0);
  total = $state(0);

  async read(file: File): Promise<void> {
    this.step = 'reading';
    this.fileName = file.name;
    const [{ readLedger }, { refusalSentence }, acts] = await parts();
    const known = acts.knownPeople(acts.stationKnown(station.reader));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const ledger: Ledger = await readLedger(bytes, file.name, { today: station.today, knownPeople: known });
    if (ledger.outcome === 'refused') {
      const { getLocale } = await import('#i18n');
      this.problem = refusalSentence(ledger, getLocale());
      this.step = 'refused';
      return;
    }
    this.ledger = ledger;
    const first = await this.#pass();
    this.fresh = first.fresh;
    this.known = first.known;
    this.questions = first.questions;
    this.step = 'look';
  }

  /** Does the acts; some of them need what the ones before have made, so the ledger is held against the station again. */
  async bringIn(): Promise<void> {
    const { passesMax } = (await parts())[2];
    this.step = 'working';
    this.problem = '';
    for (let pass = 0; pass < passesMax; pass += 1) {
      const { calls } = await this.#pass();
      if (calls.length === 0) break;
      this.total += calls.length;
      for (const call of calls) {
        const act = station.mutationNamed(call.name);
        const outcome = await station.mutate(act, call.args as never);
        if ('refusal' in outcome) {
          this.problem = m.import_stopped({ why: station.refusalWords(outcome.refusal.code, call.name) });
          this.step = 'look';
          return;
        }
        this.done += 1;
      }
    }
    this.step = 'done';
  }

  async #pass() {
    const acts = (await parts())[2];
    const { pinyinOf } = await import('./pinyin.ts');
    return acts.ledgerToActs(this.ledger as ReadLedger, acts.stationKnown(station.reader), {
      pinyinOf,
      today: station.today,
    });
  }
}

function parts() {
  return Promise.all([import('./read-ledger.ts'), import('./report.ts'), import('./ledger-to-acts.ts')]);
}
