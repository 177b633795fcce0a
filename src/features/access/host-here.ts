import { onHomeScreen } from '#ui/on-home-screen.ts';
import { hostOf, type Host } from './in-app.rules.ts';

/** Whose own window shows this page; null for a browser and for an app on the home screen. */
export function hostHere(): Host | null {
  return hostOf(navigator.userAgent, onHomeScreen());
}
