/** Every bound of the engine in one place. A loop, queue, batch or retry over people's data names its limit here. */

/** Mutations in one exchange that any centre takes; a full day of one phone (60 stops) fits in one request. */
export const mutationsPerExchange = 500;
/** Mutations in one exchange that this centre takes and says so; a round trip less for a phone that was away for days. */
export const mutationsTaken = 1_000;
/** Signs of arguments in one exchange, unless a single act has more: below what a request may weigh. */
export const argumentSignsPerExchange = 2_000_000;
/** Rows in one answer; more follow at once with the next cookie. */
export const rowsPerAnswer = 2_000;
/** Characters of an id; ids are UUIDv7 or derived from a natural key. */
export const idLengthMax = 120;
/** Bytes of one mutation's arguments as JSON, so that no single act can stall an exchange. */
export const argumentBytesMax = 256_000;
/** Times one batch may ask for more rows before the server calls it a programming error. */
export const loadRoundsMax = 24;
/** Acknowledged mutations stay on the phone this long, in case the server is restored from an older backup. */
export const acknowledgedKeptMs = 7 * 24 * 60 * 60 * 1000;
/** Exchanges that one wake-up of the phone may chain while the server says `more`. */
export const exchangesPerRound = 50;
/** Losses told in one exchange; a phone that lost its store more often than that tells the rest in the next. */
export const lossesPerExchange = 10;
/** Former devices that a phone keeps with what it may lose; of somebody who moves on more often some are left out. */
export const formerDevicesMax = 20;
/** Rows in one stored page of server state on the phone. */
export const rowsPerPage = 1_000;
/** Stored pages after which the phone rewrites them as one compact set. */
export const pagesBeforeCompaction = 24;
/** Bytes of one photo, shrunk, and the pixels of its longer side. */
export const photoBytesMax = 200_000;
export const photoEdgeMax = 1_280;
/** Photos in one field of one record. */
export const photosPerRecordMax = 4;
