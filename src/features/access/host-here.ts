import { hostOf, type Host } from './in-app.rules.ts';

/** Whose own window shows this page; null for a browser and for an app on the home screen. */
export function hostHere(): Host | null {
  const standalone = 'standalone' in navigator && navigator.standalone === true;
  return hostOf(navigator.userAgent, standalone || matchMedia('(display-mode: standalone)').matches);
}
