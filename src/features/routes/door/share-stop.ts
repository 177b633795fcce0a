import { m } from '#messages';
import { stopPath } from '../paths.ts';

/** What became of it: handed to the phone's own list of apps, put on the clipboard, put back, or neither is possible. */
export type Shared = 'sent' | 'copied' | 'put-back' | 'not-possible';

/**
 * Gives one stop to a companion. Only its address in the app leaves the phone: no name, no flat, no dish. It opens on a
 * phone that has joined and whose duty holds this stop, and nowhere else.
 */
export async function shareStop(
  routeDayId: string,
  stopId: string,
  origin: string,
  phone: Pick<Partial<Navigator>, 'share' | 'clipboard'>,
): Promise<Shared> {
  const url = `${origin}${stopPath(routeDayId, stopId)}`;
  const text = m.routes_share_text();
  if (phone.share) {
    try {
      await phone.share({ text, url });
      return 'sent';
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return 'put-back';
    }
  }
  try {
    await phone.clipboard?.writeText(`${text} ${url}`);
    return phone.clipboard ? 'copied' : 'not-possible';
  } catch {
    return 'not-possible';
  }
}
