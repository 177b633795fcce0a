import { station } from '#engine/client/station.svelte.ts';
import type { RowOf } from '#engine/kind.ts';
import { tallyObservations } from './due.rules.ts';
import { areas, visitActs, type findings, type services, type visit } from './visit.record.ts';

type Area = (typeof areas)[number];
type Finding = (typeof findings)[number];
type Service = (typeof services)[number];
type Visit = RowOf<typeof visit>;

/** What is being written down about a visit. Kept in the tab's session, so that a reload or a call does not lose it. */
export class VisitDraft {
  observations = $state<Partial<Record<Area, Finding>>>({});
  services = $state<Service[]>([]);
  needs = $state('');
  note = $state('');
  photos = $state<string[]>([]);
  problem = $state('');
  readonly tally = $derived(tallyObservations(this.observations, areas.length));
  readonly #key: string;

  constructor(
    readonly visit: Visit,
    readonly correcting: boolean,
  ) {
    this.#key = `visit-draft:${visit.id}`;
    const kept = sessionStorage.getItem(this.#key);
    this.#begin(kept ? (JSON.parse(kept) as ReturnType<VisitDraft['args']>) : visit);
    if (!kept) void this.#beforeCamera();
  }

  #begin(from: Pick<Visit, 'observations' | 'services' | 'needs' | 'note' | 'photos'>): void {
    this.observations = { ...from.observations };
    this.services = [...from.services];
    this.needs = from.needs.join('\n');
    this.note = from.note ?? '';
    this.photos = [...(from.photos ?? [])];
  }

  changed(area: Area): boolean {
    return (this.observations[area] ?? 'usual') !== 'usual';
  }

  finding(area: Area): Finding[] {
    const found = this.observations[area];
    return found && found !== 'usual' ? [found] : [];
  }

  /** Opened means "worse" until something else is pressed: the one answer that must not be forgotten. */
  mark(area: Area, on: boolean): void {
    this.set(area, on ? 'worse' : 'usual');
  }

  set(area: Area, finding: Finding | undefined): void {
    this.observations = { ...this.observations, [area]: finding ?? 'usual' };
    this.keep();
  }

  setPhotos(photos: readonly string[]): void {
    this.photos = [...photos];
    this.keepForCamera();
  }

  /** The phone may end the page behind the camera, and the tab's own memory with it. */
  keepForCamera(): void {
    this.keep();
    void station.photos.keepDraft(this.#key, this.args());
  }

  /** What stood here when the camera was opened, unless something was entered meanwhile. */
  async #beforeCamera(): Promise<void> {
    const kept = (await station.photos.draft(this.#key)) as ReturnType<VisitDraft['args']> | null;
    if (kept && sessionStorage.getItem(this.#key) === null) this.#begin(kept);
  }

  keep(): void {
    sessionStorage.setItem(this.#key, JSON.stringify(this.args()));
  }

  args() {
    const needs = this.needs.split('\n').map((line) => line.trim());
    return {
      observations: { ...this.observations },
      services: [...this.services],
      needs: needs.filter((line) => line !== ''),
      note: this.note.trim() || null,
      photos: this.photos.length > 0 ? [...this.photos] : null,
    };
  }

  /** Hands it over to the engine; true when it is safe on this phone. */
  async save(): Promise<boolean> {
    const act = this.correcting ? visitActs.correct : visitActs.finish;
    const outcome = await station.mutate(act, { visitId: this.visit.id, ...this.args() });
    this.problem = 'refusal' in outcome ? station.refusalWords(outcome.refusal.code, act.name) : '';
    if (this.problem === '') {
      sessionStorage.removeItem(this.#key);
      void station.photos.dropDraft(this.#key);
    }
    return this.problem === '';
  }
}
