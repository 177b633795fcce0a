/**
 * What a person reads when the station cannot start: one sentence in Chinese and the same in English, each saying
 * what happened, that the data is safe, and what to do. Anything else that is thrown is a mistake of ours and keeps
 * its stack.
 */
export class StationError extends Error {
  /** @param {string} chinese @param {string} english */
  constructor(chinese, english) {
    super(`${chinese}\n${english}`);
    this.name = 'StationError';
  }
}

/** Prints the failure to standard error; never to standard output, which belongs to `--json`. @param {unknown} error */
export function printFailure(error) {
  if (error instanceof StationError) process.stderr.write(`\n${error.message}\n`);
  else process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

/** @param {number} milliseconds @returns {Promise<void>} */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
