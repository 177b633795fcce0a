/** Whether this window is the app on the home screen. An iPhone says so in a word of its own, old ones in no other. */
export function onHomeScreen(): boolean {
  const standalone = 'standalone' in navigator && navigator.standalone === true;
  return standalone || matchMedia('(display-mode: standalone)').matches;
}
