import { pino } from 'pino';

/** One line of JSON per event. Ids and code words only: never names, numbers, addresses, codes or arguments of acts. */
export const log = pino(
  {
    level: process.env.LOG_LEVEL ?? 'info',
    base: null,
    serializers: { err: describeError },
  },
  { write: (line: string) => void process.stdout.write(line) },
);

/** What may be said of an error: where it came from, never the values it is about. */
export function describeError(error: unknown): Record<string, unknown> {
  const {
    name,
    code,
    stack,
    constraint_name: constraint,
  } = error as Error & {
    code?: unknown;
    constraint_name?: string;
  };
  const places = stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { name, code, constraint, at: places?.slice(0, 4).map((line) => line.trim()) };
}
