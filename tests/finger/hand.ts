import type { CDPSession } from 'playwright-core';
import type { Random } from '../sync/random.ts';

/**
 * CSS pixels of a millimetre on the phone that is meant: 6.5 inches across its corners are 165.1 mm, and 360 × 800 CSS
 * pixels are √(360² + 800²) = 877.3 across theirs, so a millimetre is 5.31 of them.
 */
export const pixelsPerMillimetre = Math.hypot(360, 800) / (6.5 * 25.4);
/** How far a tap lands from what it was meant for, in each direction (mm): twice the mean offset measured with elders. */
const offsetMillimetres = 3.4;
/** A finger that bounces comes down almost where it was (mm). */
const bounceMillimetres = 1;
/** The palm touches within so much of the lower edge (mm). */
const palmMillimetres = 15;
const doubleTaps = 0.05;
const palmTouches = 0.05;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** What a touch was besides the one that was meant. */
export type Slip = 'double' | 'palmBefore' | 'palmWith';

/** The hand of an older person: never quite where it was meant to be, now and then twice, now and then with the palm. */
export class Hand {
  readonly slips: Record<Slip, number> = { double: 0, palmBefore: 0, palmWith: 0 };
  taps = 0;

  constructor(
    readonly cdp: CDPSession,
    readonly random: Random,
    readonly size: { readonly width: number; readonly height: number },
  ) {}

  /** Taps at what is meant to be this spot; gives what went wrong besides, for the story of a day. */
  async tap(meant: Spot): Promise<readonly string[]> {
    this.taps += 1;
    const at = this.#near(meant, offsetMillimetres);
    const told = [`${Math.round(at.x)},${Math.round(at.y)}`];
    const palm = this.random.chance(palmTouches) ? (this.random.chance(0.5) ? 'palmBefore' : 'palmWith') : null;
    const edge = palm ? this.#edge() : null;
    if (palm) this.slips[palm] += 1;
    if (palm && edge) told.push(`${palm} ${Math.round(edge.x)},${Math.round(edge.y)}`);
    if (palm === 'palmBefore' && edge) await this.#touch([edge]);
    await this.#touch(palm === 'palmWith' && edge ? [at, edge] : [at]);
    if (this.random.chance(doubleTaps)) {
      this.slips.double += 1;
      told.push('double');
      await new Promise((resolve) => setTimeout(resolve, this.random.between(60, 250)));
      await this.#touch([this.#near(at, bounceMillimetres)]);
    }
    return told;
  }

  async #touch(spots: readonly Spot[]): Promise<void> {
    for (const [at] of spots.entries()) await this.#send('touchStart', spots.slice(0, at + 1));
    await this.#send('touchEnd', []);
  }

  async #send(type: 'touchStart' | 'touchEnd', spots: readonly Spot[]): Promise<void> {
    await this.cdp.send('Input.dispatchTouchEvent', { type, touchPoints: spots.map((spot, id) => ({ ...spot, id })) });
  }

  #near(spot: Spot, sigmaMillimetres: number): Spot {
    const sigma = sigmaMillimetres * pixelsPerMillimetre;
    return this.#within({ x: spot.x + sigma * this.#normal(), y: spot.y + sigma * this.#normal() });
  }

  #edge(): Spot {
    const { width, height } = this.size;
    return { x: this.random.next() * width, y: height - this.random.next() * palmMillimetres * pixelsPerMillimetre };
  }

  #within({ x, y }: Spot): Spot {
    const keep = (value: number, most: number): number => Math.min(most - 1, Math.max(1, value));
    return { x: keep(x, this.size.width), y: keep(y, this.size.height) };
  }

  /** Of the standard normal distribution (Box and Muller). */
  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random.next())) * Math.cos(2 * Math.PI * this.random.next());
  }
}
