import { goto } from '$app/navigation';
import { page } from '$app/state';

/**
 * What an address asks its page to open: `/office/people?do=register`. `take` is given the value and tells whether it
 * was meant for it; then the question leaves the address, so that it can be asked once more. Call it while a component
 * is made.
 */
export function onAsked(name: string, take: (value: string) => boolean): void {
  $effect(() => {
    const value = page.url.searchParams.get(name);
    if (value === null || !take(value)) return;
    void goto(page.url.pathname, { replaceState: true, keepFocus: true, noScroll: true });
  });
}
