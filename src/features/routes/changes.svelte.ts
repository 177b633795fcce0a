import type { Stop } from './route.record.ts';

/** Which changes by the centre the person has read in this session; a change stays on the screen until then. */
class Changes {
  #read = $state.raw<ReadonlySet<string>>(new Set());

  isNew(stop: Pick<Stop, 'id' | 'changedAt'>): boolean {
    return stop.changedAt !== null && !this.#read.has(nameOf(stop));
  }

  understood(...stops: readonly Pick<Stop, 'id' | 'changedAt'>[]): void {
    this.#read = new Set([...this.#read, ...stops.map(nameOf)]);
  }
}

function nameOf(stop: Pick<Stop, 'id' | 'changedAt'>): string {
  return `${stop.id}@${stop.changedAt}`;
}

export const changes = new Changes();
