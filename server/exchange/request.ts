import * as v from 'valibot';
import { isFormerRun, namesIn, type FormerRun } from '#engine/former-numbers.ts';
import { formerDevicesMax, idLengthMax, lossesPerExchange, mutationsTaken } from '#engine/limits.ts';
import { unpackActs } from '#engine/packed-acts.ts';
import { protocolVersion, type ExchangeRequest, type PackedActs } from '#engine/protocol.ts';
import { requestBytesMax } from '#server/limits.ts';
import { countOf } from '#engine/ranges.ts';

/** The request is not of the protocol's shape; nothing of it was taken. */
export class MalformedRequest extends Error {}

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
// A clock may say anything: it is never a reason to refuse, so only what JavaScript can count is asked for.
const time = v.pipe(v.number(), v.finite());

// Printable and short, so that every database and log can hold it.
const word = v.pipe(v.string(), v.minLength(1), v.maxLength(idLengthMax), v.regex(/^[\p{L}\p{N}:._-]+$/u));

/** A number that a device gives to an act. */
const number = v.pipe(count, v.minValue(1));

const mutationSchema = v.object({
  seq: number,
  id: word,
  name: word,
  version: count,
  args: v.unknown(),
  claimedAt: time,
  serverTime: v.nullable(time),
  sinceServer: v.nullable(time),
  offset: v.nullable(time),
});

/** A cookie holds at most one id, packed. */
const cookieLengthMax = 1_000;

/** Deeper than any act's arguments go; what walks through them must not run out of stack. */
const depthMax = 40;

/** A phone keeps about 4,000 acts, so it cannot lose more. */
const lostMax = 10_000;

const endOf = ([now, , length]: FormerRun): number => now + length;

/** Numbers of now in order and none twice, beside what they were before. */
const formerRuns = v.pipe(
  v.array(v.custom<FormerRun>(isFormerRun)),
  v.minLength(1),
  v.maxLength(lostMax),
  v.check((runs) => runs.every(([now], at) => at === 0 || now >= endOf(runs[at - 1] as FormerRun))),
  v.check((runs) => namesIn(runs) <= lostMax),
);

const lostSchema = v.object({
  device: word,
  numbers: v.pipe(
    v.array(v.tuple([number, count])),
    v.minLength(1),
    v.maxLength(lostMax),
    v.check((runs) => runs.every(([from, to], at) => from <= to && from > (runs[at - 1]?.[1] ?? 0))),
    v.check((runs) => countOf(runs) <= lostMax),
  ),
  from: v.nullable(time),
  to: v.nullable(time),
  former: v.optional(
    v.pipe(v.array(v.object({ device: word, runs: formerRuns })), v.minLength(1), v.maxLength(formerDevicesMax)),
  ),
});

const requestSchema = v.object({
  protocol: v.literal(protocolVersion),
  // Compared with the session's, never stored.
  device: v.optional(v.pipe(v.string(), v.maxLength(idLengthMax))),
  epoch: v.nullable(v.pipe(v.string(), v.maxLength(idLengthMax))),
  cookie: v.nullable(v.pipe(v.string(), v.maxLength(cookieLengthMax))),
  mutations: v.pipe(
    v.array(mutationSchema),
    v.maxLength(mutationsTaken),
    v.check((acts) => acts.every((act, at) => at === 0 || act.seq > (acts[at - 1] as { seq: number }).seq)),
  ),
  packed: v.optional(v.literal(true)),
  brief: v.optional(v.literal(true)),
  queue: v.object({
    unsent: count,
    oldestAt: v.nullable(time),
    refused: count,
    numbers: v.optional(v.object({ from: count, to: count })),
  }),
  lost: v.optional(v.pipe(v.array(lostSchema), v.maxLength(lossesPerExchange))),
});

const packedSchema = v.object({
  count: v.pipe(count, v.maxValue(mutationsTaken)),
  columns: v.record(v.string(), v.unknown()),
  form: v.unknown(),
  forms: v.pipe(
    v.array(
      v.object({
        count: v.pipe(count, v.maxValue(mutationsTaken)),
        args: v.array(v.tuple([v.string(), v.unknown()])),
      }),
    ),
    v.maxLength(mutationsTaken),
  ),
});

/**
 * A request with packed acts as one with plain ones, none of them checked yet. Throws `MalformedRequest`, also when few
 * bytes unpack to more than a request may have.
 */
export function withPlainActs(input: unknown): unknown {
  const { acts, ...rest } = (input ?? {}) as Record<string, unknown>;
  if (acts === undefined) return input;
  const parsed = v.safeParse(packedSchema, acts);
  if (!parsed.success) throw new MalformedRequest('The packed acts are malformed.');
  return { ...rest, mutations: plainActs(parsed.output as PackedActs) };
}

function plainActs(packed: PackedActs): readonly unknown[] {
  try {
    const acts = unpackActs(packed);
    let bytes = 0;
    for (const { args } of acts) {
      bytes += JSON.stringify(args).length;
      if (bytes > requestBytesMax) throw new Error('too large');
    }
    return acts;
  } catch {
    // Columns that do not fit together fail in many ways; all of them are the sender's.
    throw new MalformedRequest('The packed acts do not fit together.');
  }
}

/** The request with checked shapes; throws `MalformedRequest`, which names the place. */
export function parseRequest(input: unknown): ExchangeRequest {
  if (!isShallow(input, depthMax)) throw new MalformedRequest('The exchange request is too deep.');
  const parsed = v.safeParse(requestSchema, withPlainActs(input));
  if (parsed.success) return parsed.output as ExchangeRequest;
  const path = parsed.issues[0].path?.map(({ key }) => String(key)).join('.') ?? '';
  throw new MalformedRequest(`The exchange request is malformed at "${path}".`);
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
