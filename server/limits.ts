/** Every bound of the server in one place. A loop, queue, batch or retry over people's data names its limit here. */

/** Tries of one batch that hope nobody is in between; after these the station's counter is taken first. */
export const hopefulTries = 3;
/** Tries of one transaction before the caller hears of it. */
export const transactionTries = 8;
/** Bytes of one request's body after unpacking. */
export const requestBytesMax = 8 * 1024 * 1024;
/** When only the time of the last contact changed, the device's record is written at most this often. */
export const contactRecordedEveryMs = 5 * 60_000;
