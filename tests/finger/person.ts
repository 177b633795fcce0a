import type { Random } from '../sync/random.ts';
import type { Door, SmallDay } from '../support/route-days.ts';
import type { Seen } from './look.ts';

/** What is to come of a door: `found` is nobody at first, who is called, seen after all and given the meal. */
export type Meant = 'handedOver' | 'neighbour' | 'refused' | 'found';

/** A key to press: how its words begin, or where it leads. */
export interface Wanted {
  readonly words: string;
  readonly path?: string;
  /** For what has no words of its own. */
  readonly selector?: string;
}

/** Of what is wrong on the screen so much is seen at one look. */
const noticed = 0.95;

const inList: Readonly<Record<Meant, string>> = {
  handedOver: '送达，见到本人',
  neighbour: '别人代收：邻居',
  refused: '没送到：不要了，本人说的',
  found: '送达，见到本人',
};
const inBand: Readonly<Record<Meant, string>> = { ...inList, neighbour: '别人代收', refused: '没送到' };
const inBar: Readonly<Record<Meant, string>> = {
  handedOver: '送达',
  neighbour: '别人代收：邻居',
  refused: '不要了：本人说的',
  found: '送达',
};
/** The way through the sheet 其他情况 and 改一改. */
const firstKey: Readonly<Record<Meant, string>> = {
  handedOver: '送达，见到本人',
  neighbour: '别人代收',
  refused: '不要了',
  found: '没人应门',
};
const secondKeys = { neighbour: '邻居', refused: '本人说的' } as const;

const close: Wanted = { words: '关上' };
const back: Wanted = { words: '返回' };
const press = (words: string): Wanted => ({ words });

/** Somebody who knows what is to come of each door, looks at the phone and presses the next key; mends what they see is wrong. */
export class Person {
  /** Doors of which they believe that they are noted. */
  readonly #done = new Set<string>();
  readonly #called = new Set<string>();
  readonly #looks = new Map<string, boolean>();
  #at: Door;
  /** A check that they cannot end by themselves. */
  stuck = false;

  constructor(
    readonly day: SmallDay,
    readonly meant: ReadonlyMap<string, Meant>,
    readonly random: Random,
  ) {
    this.#at = day.doors[0] as Door;
  }

  get #current(): Door | undefined {
    return this.day.doors.find(({ stopId }) => !this.#done.has(stopId));
  }

  get #dayPath(): string {
    return `/route/${this.day.routeDayId}`;
  }

  /** The key they press next; null when they put the phone away. */
  next(seen: Seen): Wanted | null {
    const door = this.day.doors.find(({ stopId }) => seen.path === `${this.#dayPath}/${stopId}`);
    if (door) this.#at = door;
    if (seen.sheet !== null) return this.#inSheet(seen);
    if (seen.undo !== null && this.#barIsWrong(seen.undo)) return press('撤回');
    if (door) return this.#atDoor(seen, door);
    if (seen.path.startsWith('/check/')) return this.#atCheck(seen);
    if (seen.path === `${this.#dayPath}/finish`) return this.#atFinish(seen);
    if (seen.path === this.#dayPath) return this.#atDay(seen);
    // Of the sheet for the printer they want nothing.
    if (seen.path.endsWith('/print')) return press('回到路线');
    const way = seen.keys.find((words) => /^(取餐，出发|接着送|看一看|看记录)/.test(words));
    return way && (seen.path === '/' || seen.path === '/route') ? { words: way, path: this.#dayPath } : back;
  }

  #wants(door: Door): Meant {
    return this.meant.get(door.stopId) as Meant;
  }

  /** Whether this, which is wrong, is seen; asked again for the same thing they have looked at it already. */
  #notices(what: string): boolean {
    const before = this.#looks.get(what);
    const seen = before ?? this.random.chance(noticed);
    this.#looks.set(what, seen);
    return seen;
  }

  #barIsWrong(bar: string): boolean {
    const current = this.#current;
    const door = this.day.doors.find(({ called }) => bar.startsWith(`${called} `));
    const here = door !== undefined && (door === current || this.#done.has(door.stopId));
    const right = here && bar === `${door.called} ${inBar[this.#wants(door)]}` && !this.#mustBeLookedFor(door);
    if (!right && this.#notices(`bar ${bar}`)) return true;
    if (right) this.#done.add(door.stopId);
    else if (current) this.#done.add(current.stopId);
    return false;
  }

  /** Nobody has answered at this door yet, so whatever was noted was noted too early. */
  #mustBeLookedFor(door: Door): boolean {
    return this.#wants(door) === 'found' && !this.#called.has(door.stopId);
  }

  #inSheet(seen: Seen): Wanted {
    const has = (words: string): boolean => seen.keys.some((key) => key.startsWith(words));
    const meant = this.#wants(this.#at);
    if (has('餐交给本人了')) return press(meant === 'found' || meant === 'handedOver' ? '餐交给本人了' : '餐没给');
    if (has('没接') || has('没找到人')) return press(has('没接') ? '没接' : '没找到人');
    if (has('就是 ')) return this.#countBoxes(seen);
    const second = meant === 'neighbour' || meant === 'refused' ? secondKeys[meant] : null;
    if (second && has(second)) return press(second);
    const tells = has('别人代收') && this.#current?.stopId === this.#at.stopId;
    // Who has been looked for and found has the meal by now, whatever was noted of it.
    const first = meant === 'found' && !this.#mustBeLookedFor(this.#at) ? inList.found : firstKey[meant];
    return tells && has(first) ? press(first) : close;
  }

  #countBoxes({ counts }: Seen): Wanted {
    const value = counts[0]?.value ?? 4;
    if (value === this.day.doors.length) return press('就是 ');
    return press(value > this.day.doors.length ? '手里有几盒，少一个' : '手里有几盒，多一个');
  }

  #atDoor(seen: Seen, door: Door): Wanted {
    const current = this.#current;
    const waits = seen.keys.includes('送达');
    if (current && door !== current && this.#notices(`door ${door.stopId} at ${current.stopId}`)) return back;
    const meant = this.#wants(current ?? door);
    const seenThem = meant === 'handedOver' || (meant === 'found' && !this.#mustBeLookedFor(current ?? door));
    if (waits) return press(seenThem ? '送达' : '其他情况');
    if (seen.keys.some((key) => key === '接着找人')) return press('接着找人');
    if (this.#standsRight(seen, meant)) return this.#believe(door, seen);
    this.#done.delete(door.stopId);
    return seen.keys.includes('改一改') ? press('改一改') : back;
  }

  #believe(door: Door, seen: Seen): Wanted {
    this.#done.add(door.stopId);
    return seen.keys.includes('去下一家') && this.#current ? press('去下一家') : back;
  }

  #standsRight({ band, facts }: Seen, meant: Meant): boolean {
    const counting = facts.filter((fact) => !fact.includes('不算') && !fact.startsWith('撤回'));
    if (!band.startsWith(inBand[meant])) return false;
    return meant === 'handedOver' || meant === 'found' || counting.some((fact) => fact.startsWith(inBar[meant]));
  }

  #atCheck(seen: Seen): Wanted {
    const has = (words: string): string | undefined => seen.keys.find((key) => key.startsWith(words));
    const meant = this.#wants(this.#at);
    const next = has('去下一家');
    if (next) return press(next);
    const wrong = has('按错了');
    if (wrong && (meant !== 'found' || !has('见到人了'))) return press(wrong);
    const call = seen.keys.find((key) => /^打.?.?电话|^打本人电话/.test(key));
    if (meant === 'found' && call) return press(call);
    // The rung is done: it has its time now, and its key is gone.
    if (meant === 'found' && has('见到人了')) this.#called.add(this.#at.stopId);
    if (has('见到人了')) return press('见到人了');
    this.stuck = true;
    return back;
  }

  #atDay(seen: Seen): Wanted | null {
    if (seen.keys.includes('出发')) return this.#load(seen);
    const closed = seen.keys.includes('回到今天');
    const current = this.#current;
    const wrong = seen.rows.find(({ path, text }) => this.#rowIsWrong(path, text, closed ? 'end' : 'walk'));
    if (closed) return wrong ? { words: '', path: wrong.path } : null;
    if (!current) return wrong ? { words: '', path: wrong.path } : this.#onward(seen);
    const row = seen.rows.find(({ path }) => path.endsWith(current.stopId));
    if (row?.text.includes(inList[this.#wants(current)]) && !this.#mustBeLookedFor(current)) {
      this.#done.add(current.stopId);
      return this.#atDay(seen);
    }
    const go = press(`去第 ${this.day.doors.indexOf(current) + 1} 家`);
    return seen.keys.some((key) => key.startsWith(go.words))
      ? go
      : { words: '', path: `${this.#dayPath}/${current.stopId}` };
  }

  /** All are believed done: 交班, or a door that is not done after all. */
  #onward(seen: Seen): Wanted {
    const left = seen.keys.find((key) => key.startsWith('去第 '));
    if (!left) return press('交班');
    const door = this.day.doors[Number(left.replace(/\D/g, '')) - 1];
    if (door) this.#done.delete(door.stopId);
    return press(left);
  }

  #rowIsWrong(path: string, text: string, when: string): boolean {
    const door = this.day.doors.find(({ stopId }) => path.endsWith(stopId));
    if (!door || (when === 'walk' && this.#current)) return false;
    const wrong = !text.includes(inList[this.#wants(door)]);
    return wrong && this.#notices(`row ${path} ${text} ${when}`);
  }

  #load(seen: Seen): Wanted {
    const differs = seen.out !== null && seen.out !== this.day.doors.length;
    if (differs) return press('数不对');
    return seen.unticked > 0 ? { words: '', selector: '.load .row:not(.done)' } : press('出发');
  }

  #atFinish(seen: Seen): Wanted {
    const onward = seen.keys.find((key) => key.startsWith('去第 ') || key === '接着找人');
    if (onward?.startsWith('去第 ')) return this.#onward(seen);
    if (onward) return press(onward);
    const refused = this.day.doors.filter((door) => this.#wants(door) === 'refused').length;
    for (const { label, value } of seen.counts) {
      const right = label === '带回的餐' ? refused : 0;
      if (value === right || !this.#notices(`count ${label} ${value}`)) continue;
      // A meal too many or too few is first looked for among the doors.
      if (label === '带回的餐' && this.#looksAgain()) return back;
      return press(`${label}，${value > right ? '少' : '多'}一个`);
    }
    return press('交班');
  }

  #looksAgain(): boolean {
    const first = !this.#looks.has('again');
    for (const what of [...this.#looks.keys()]) if (what.startsWith('row ')) this.#looks.delete(what);
    this.#looks.set('again', true);
    return first;
  }
}
