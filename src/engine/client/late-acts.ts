import type { Registry } from '../registry.ts';
import type { Timers } from './timers.ts';

/** Acts that are not part of a phone's first load (decision 0031). */
export interface LateDeclarations {
  /** Who may do them: people with one of these roles, and nobody else. */
  readonly roles: readonly string[];
  /** Rejects when they cannot be fetched: no line, and not on this phone. */
  readonly load: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** What tells whether they are needed: who uses the phone, and which acts lie on it. */
export interface ActsHeld {
  readonly facts: { readonly identity: { readonly roles: readonly string[] } | null };
  readonly entries: readonly { readonly name: string }[];
}

/** A start waits no longer than this (ms): without them the phone only shows less. */
const startWaitsMs = 3_000;

/**
 * Brings late acts when somebody may do them, or when one of them is met: unsent on this phone, or named in a list.
 * Until they are there an act without declaration has no effect on the screen, and is kept and sent like any other.
 */
export class LateActs {
  readonly #registry: Registry;
  readonly #late: LateDeclarations | undefined;
  readonly #onKnown: () => void;
  /** Names of the acts that were there from the start. */
  readonly #first: ReadonlySet<string>;
  #known: boolean;
  #loading: Promise<void> | null = null;

  constructor(registry: Registry, late: LateDeclarations | undefined, onKnown: () => void) {
    this.#registry = registry;
    this.#late = late;
    this.#onKnown = onKnown;
    this.#first = new Set(registry.mutations.keys());
    this.#known = !late;
  }

  /** Whether they belong to the work of this phone. */
  neededBy({ facts, entries }: ActsHeld): boolean {
    const roles = this.#late?.roles ?? [];
    return (
      (facts.identity?.roles ?? []).some((role) => roles.includes(role)) ||
      entries.some(({ name }) => !this.#first.has(name))
    );
  }

  /** At a start: resolves when they are known, or not needed, or too long in coming. */
  async beforeStart(held: ActsHeld, timers: Timers): Promise<void> {
    if (this.#known || !this.neededBy(held)) return;
    await Promise.race([this.#bring(), new Promise<void>((resolve) => timers.after(startWaitsMs, resolve))]);
  }

  /** Something has changed: they may be needed now. */
  look(held: ActsHeld): void {
    if (!this.#known && this.neededBy(held)) void this.#bring();
  }

  /** Resolves when the act of this name is known, if it can be. */
  async named(name: string): Promise<void> {
    if (!this.#known && !this.#registry.mutations.has(name)) await this.#bring();
  }

  /** Never rejects: who needs them next tries again. */
  #bring(): Promise<void> {
    return (this.#loading ??= this.#load().then(
      () => this.#onKnown(),
      () => {
        this.#loading = null;
      },
    ));
  }

  async #load(): Promise<void> {
    this.#registry.learn((await this.#late?.load()) ?? []);
    this.#known = true;
  }
}
