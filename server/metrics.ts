type Labels = Readonly<Record<string, string>>;

/** Upper edges of the times that are told apart (seconds). */
const edges = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** One line of Prometheus' text format. Labels hold code words only, so nothing in them needs to be escaped. */
function line(name: string, labels: Labels, value: number): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
  return `${name}${inside.length > 0 ? `{${inside.join(',')}}` : ''} ${Number.isFinite(value) ? value : 0}`;
}

function headed(name: string, type: string, help: string, lines: readonly string[]): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n');
}

/** A value as it stands now. */
export function gauge(name: string, help: string, values: readonly (readonly [Labels, number])[]): string {
  return headed(
    name,
    'gauge',
    help,
    values.map(([labels, value]) => line(name, labels, value)),
  );
}

/** A number that only grows while the process lives. */
export class Counter {
  readonly #counts = new Map<string, { labels: Labels; count: number }>();

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  add(labels: Labels = {}, by = 1): void {
    const key = JSON.stringify(labels);
    const held = this.#counts.get(key) ?? { labels, count: 0 };
    held.count += by;
    this.#counts.set(key, held);
  }

  text(): string {
    const lines = [...this.#counts.values()].map(({ labels, count }) => line(this.name, labels, count));
    return headed(this.name, 'counter', this.help, lines);
  }
}

/** How often something took how long. */
export class Histogram {
  readonly #counts = edges.map(() => 0);
  #count = 0;
  #sum = 0;

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  observe(seconds: number): void {
    this.#count += 1;
    this.#sum += seconds;
    edges.forEach((edge, at) => {
      if (seconds <= edge) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    });
  }

  text(): string {
    const buckets = edges.map((edge, at) => line(`${this.name}_bucket`, { le: String(edge) }, this.#counts[at] ?? 0));
    return headed(this.name, 'histogram', this.help, [
      ...buckets,
      line(`${this.name}_bucket`, { le: '+Inf' }, this.#count),
      line(`${this.name}_sum`, {}, this.#sum),
      line(`${this.name}_count`, {}, this.#count),
    ]);
  }
}

/** What one process counts. */
export class Metrics {
  readonly exchangeSeconds = new Histogram('nuanlin_exchange_seconds', 'Time of one exchange, waiting included.');
  readonly verdicts = new Counter('nuanlin_verdicts_total', 'Acts judged, by result and code of refusal.');
  readonly failures = new Counter('nuanlin_exchange_failures_total', 'Exchanges without an answer, by reason.');
  readonly pokes = new Counter('nuanlin_pokes_total', 'Changes of stations heard from the database.');
}
