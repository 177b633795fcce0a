import type { Component } from 'svelte';
import type { AnyKind } from '#engine/kind.ts';

/**
 * Screens that a feature brings for one of its listed kinds, found by their name: `haircut.screen.svelte` in any
 * feature's folder stands in place of the generic list of the kind `haircut`. Loaded only when opened.
 */
const found = import.meta.glob<{ default: Component }>('../*/*.screen.svelte');

function fileOf({ name }: AnyKind): string | undefined {
  const file = `/${name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}.screen.svelte`;
  return Object.keys(found).find((path) => path.endsWith(file));
}

export function hasOwnScreen(kind: AnyKind): boolean {
  return fileOf(kind) !== undefined;
}

/** Loads a kind's own screen; undefined when it has none. */
export function ownScreen(kind: AnyKind): Promise<{ default: Component }> | undefined {
  const file = fileOf(kind);
  return file === undefined ? undefined : found[file]?.();
}
