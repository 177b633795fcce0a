/** Every bound of the server in one place. A loop, queue, batch or retry over people's data names its limit here. */

/** Tries of one batch that hope nobody is in between; after these the station's counter is taken first. */
export const hopefulTries = 3;
/** Times a batch that did not pass is judged anew without those to blame: each may have others standing on it. */
export const blameRoundsMax = 8;
/** Tries of one transaction before the caller hears of it. */
export const transactionTries = 8;
/** Connections of one process to the database, besides the one that listens. */
export const poolConnections = 10;
/** Exchanges of one process that run at the same time; a few connections are left for everything else. */
export const exchangesAtOnce = 8;
/** Exchanges that wait for their turn; at a usual pace the last of them is served long before its phone gives up. */
export const exchangesWaitingMax = 400;
/** Requests with a body that one process holds at the same time. */
export const requestsAtOnceMax = 600;
/** How long a phone stays away while the database does not answer (s). */
export const unavailableSeconds = 5;
/** Numbers of acts a phone holds back about which one request asks; a phone with more asks again. */
export const numbersLeftMax = 5_000;
/** On a line that carries it, one of several answers may take the phone this long (ms) and be so many times the usual. */
export const answerTakesMs = 3_000;
export const answerGrowsBy = 4;
/** Records written since a device was last answered that are looked up one by one; of more, everything is compared. */
export const suspectsMax = 1_000;
/** Wait before listening for pokes is tried again after the connection was lost (ms); doubles up to the second. */
export const listenRetryMs = 100;
export const listenRetryMaxMs = 5_000;
/** Bytes of one request's body after unpacking. */
export const requestBytesMax = 8 * 1024 * 1024;
/** When only the time of the last contact changed, the device's record is written at most this often. */
export const contactRecordedEveryMs = 5 * 60_000;
/** How long a join code lives (ms). */
export const joinCodeLivesMs = 10 * 60_000;
/** How long staff stay signed in without signing in again (ms). A phone stays until it is revoked. */
export const staffSessionMs = 14 * 24 * 60 * 60_000;
/** Wrong guesses of one name, and of anything from one place, in one window; then guessing pauses. */
export const guessesPerName = 10;
export const guessesPerPlace = 200;
/** Guesses at join codes of the whole server in one window: eight signs are 40 bits. */
export const guessesAtCodes = 600;
export const guessWindowMs = 10 * 60_000;
/** Characters of the line with which a phone only looks: a cookie and two short names. */
export const lookLengthMax = 1_100;
/** Fewer verdicts than this go as they are. */
export const packVerdictsFrom = 8;
/** Answers smaller than this are not worth compressing (bytes). */
export const compressFrom = 1_024;
/** Rows of one page of history. */
export const historyRowsMax = 1_000;
/** A line of pokes is opened anew after this long, so that it never outlives a session by much (ms). */
export const pokeLineMaxMs = 60 * 60_000;
export const pokePingMs = 20_000;
/** How often the jobs that are due are looked for (ms), and how long one may take before another process tries (ms). */
export const jobsLookedForMs = 20_000;
export const jobLeaseMs = 5 * 60_000;
/** Bytes of one request that carries a part of a photo, and how many such requests one process takes at the same time. */
export const photoPartBytesMax = 256_000;
export const photoPartsAtOnceMax = 64;
/** How long a begun photo is kept for its phone to go on with (ms), and how often old ones are looked for (ms). */
export const photoPartsKeptMs = 14 * 24 * 60 * 60_000;
export const photoSweepMs = 60 * 60_000;
/** Photos one device may begin in that time; far more than anybody takes. */
export const photosPerDeviceMax = 1_000;
/** Tries of one request to an S3 store, and how long one may take (ms). */
export const photoStoreTries = 2;
export const photoStorePatienceMs = 20_000;
