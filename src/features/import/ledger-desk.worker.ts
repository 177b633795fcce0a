/** Reads ledgers beside the page, so that twenty thousand rows hold up nobody's keys. */
import { overwriteGetLocale } from '#i18n';
import type { DeskAsk, DeskAnswer } from './desk-port.ts';
import { LedgerDesk } from './ledger-desk.ts';

let desk: LedgerDesk | null = null;

const answer = (said: DeskAnswer) => postMessage(said);

async function done(ask: DeskAsk): Promise<unknown> {
  if (ask.ask === 'open') {
    // A worker has no store in which the page keeps its language.
    overwriteGetLocale(() => ask.settings.locale);
    desk = new LedgerDesk(ask.settings, (progress) => answer({ progress }));
    return desk.open(ask.bytes, ask.fileName);
  }
  if (!desk) throw new Error('No ledger was opened.');
  if (ask.ask === 'read') return desk.read(ask.known, ask.layouts);
  return ask.ask === 'weigh' ? desk.weigh(ask.known, ask.decisions) : desk.piece(ask.at);
}

onmessage = async ({ data }: MessageEvent<{ readonly id: number } & DeskAsk>) => {
  const { id, ...ask } = data;
  try {
    answer({ id, value: await done(ask as DeskAsk) });
  } catch (error) {
    answer({ id, error: String(error) });
  }
};
