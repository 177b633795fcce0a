/**
 * The station's calendar. All stations live in Asia/Shanghai, which has had no summer time since 1991, so local time
 * is UTC plus eight hours: plain arithmetic, the same on every phone whatever zone it is set to.
 */
export const zoneOffsetMs = 8 * 60 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

/** Day of an instant (ms, UTC) in the station's calendar, 'YYYY-MM-DD'. */
export function dayOf(instant: number): string {
  const count = Math.floor((instant + zoneOffsetMs) / dayMs);
  // Every act asks for its day, and nearly all of them for the same: the last answer is kept.
  if (count !== lastDay.count) lastDay = { count, text: new Date(instant + zoneOffsetMs).toISOString().slice(0, 10) };
  return lastDay.text;
}

let lastDay = { count: Number.NaN, text: '' };

/** Time of day of an instant, 'HH:MM'. */
export function timeOf(instant: number): string {
  return new Date(instant + zoneOffsetMs).toISOString().slice(11, 16);
}

/** First instant of a day. */
export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - zoneOffsetMs;
}

/** Instant of a day and a local time 'HH:MM'. */
export function instantAt(day: string, time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return startOf(day) + (hours * 60 + minutes) * 60_000;
}

/** The day `count` days later (earlier when negative). */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

/** ISO weekday: 1 Monday … 7 Sunday. */
export function weekdayOf(day: string): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}
