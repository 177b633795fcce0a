import { mutationsTaken } from '#engine/limits.ts';
import { packVerdicts } from '#engine/packed-acts.ts';
import { protocolVersion, type ExchangeAnswer, type ExchangeRequest, type Verdict } from '#engine/protocol.ts';
import type { Registry } from '#engine/registry.ts';
import { exchange } from './exchange/exchange.ts';
import { MalformedRequest, withPlainActs } from './exchange/request.ts';
import { Race } from './exchange/store.ts';
import { Busy } from './gate.ts';
import { packVerdictsFrom, unavailableSeconds } from './limits.ts';
import { isUnavailable } from './postgres/errors.ts';
import { Refused, type Known, type RequestContext } from './trpc.ts';

/**
 * One exchange of a device that is known, when it is its turn. Throws `Refused`: for a request of another shape, and
 * with a time to come back when the station cannot serve now.
 */
export async function serveExchange(ctx: RequestContext & Known, input: unknown): Promise<ExchangeAnswer> {
  const { store, registry, now, report, gate, metrics } = ctx.station;
  const session = { device: ctx.session.device, identity: ctx.identity };
  // The browser was signed in as another device while this one still had something to hand in: that is not its work.
  const sender = (input as { device?: unknown } | null | undefined)?.device;
  if (typeof sender === 'string' && sender !== session.device) throw new Refused('UNAUTHORIZED', 'sign-in');
  const from = performance.now();
  try {
    const request = withPlainActs(input);
    const answer = await gate.through(carriesAlarm(registry, request), () =>
      exchange(store, registry, { now }, session, request, report),
    );
    metrics.exchangeSeconds.observe((performance.now() - from) / 1_000);
    for (const verdict of answer.verdicts) metrics.verdicts.add(resultOf(verdict));
    return packed(request, answer);
  } catch (error) {
    const { word, seconds } = reasonOf(error);
    metrics.failures.add({ reason: word });
    if (word === 'malformed-exchange') throw new Refused('BAD_REQUEST', word);
    if (seconds === null) throw error;
    ctx.retryAfter(seconds);
    throw new Refused('SERVICE_UNAVAILABLE', word);
  }
}

/** Signs of a device's and an epoch's name that a look carries: enough to tell them apart. */
const tailLength = 12;

/**
 * A look at the centre by a phone that has nothing to send: an exchange in one short line, `device~epoch~cookie`, of the
 * first two the last signs only. Gives the answer, or null when nothing is new and the head of the answer says so.
 */
export async function serveLook(ctx: RequestContext & Known, line: string): Promise<ExchangeAnswer | null> {
  const [device, epoch, cookie] = line.split('~');
  if (!device || !epoch || !cookie || epoch.length !== tailLength)
    throw new Refused('BAD_REQUEST', 'malformed-exchange');
  if (!ctx.session.device.endsWith(device)) throw new Refused('UNAUTHORIZED', 'sign-in');
  const queue = { unsent: 0, oldestAt: null, refused: 0 };
  const request = { protocol: protocolVersion, epoch: `~${epoch}`, cookie, mutations: [], packed: true, queue };
  const answer = await serveExchange(ctx, request);
  const { verdicts, patch, more, checksum, serverTime, you } = answer;
  const isNew = patch.reset || patch.kinds.length > 0 || more || you !== undefined || answer.cookie !== cookie;
  if (isNew || verdicts.length > 0) return answer;
  ctx.nothingNew(`${serverTime.toString(36)}.${checksum?.toString(36) ?? ''}`);
  return null;
}

/** For a phone that reads columns: a day's verdicts repeat little but their ids. Such a phone hears that we do too. */
function packed(request: unknown, answer: ExchangeAnswer): ExchangeAnswer {
  const { packed: isPacked, brief, mutations } = request as ExchangeRequest;
  if (isPacked !== true) return answer;
  const form = { packed: true, takes: mutationsTaken } as const;
  if (answer.verdicts.length < packVerdictsFrom) return { ...answer, ...form };
  return { ...answer, ...form, verdicts: [], judged: packVerdicts(answer.verdicts, brief ? mutations : []) };
}

function reasonOf(error: unknown): { readonly word: string; readonly seconds: number | null } {
  if (error instanceof MalformedRequest) return { word: 'malformed-exchange', seconds: null };
  if (error instanceof Busy) return { word: 'busy', seconds: error.seconds };
  if (error instanceof Race) return { word: 'busy', seconds: 1 };
  if (isUnavailable(error)) return { word: 'unavailable', seconds: unavailableSeconds };
  return { word: 'fault', seconds: null };
}

function resultOf({ verdict, repeated, code }: Verdict): Readonly<Record<string, string>> {
  return { result: repeated ? 'repeated' : verdict, ...(code === undefined ? {} : { code }) };
}

/** Whether one of the acts is an alarm. The request is not checked yet, so nothing is taken for granted. */
function carriesAlarm(registry: Registry, input: unknown): boolean {
  const acts = (input as { mutations?: unknown } | null | undefined)?.mutations;
  if (!Array.isArray(acts)) return false;
  return acts.some((act) => registry.mutations.get((act as { name?: string } | null)?.name ?? '')?.urgent);
}
