import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { besideFolder, installBeside } from '../support/packages-beside.ts';

/** The last version that runs on the Node the project asks for. */
const packages = ['lighthouse@12.8.2'];
const folder = 'lighthouse';
const withinMs = 300_000;

/** What is to be 100 on every screen. */
export const judged = ['accessibility', 'best-practices', 'seo'] as const;
export type Judged = (typeof judged)[number];

/**
 * Audits that ask for what must not be here, with the reason; they are left out of the marks. The only one: a register
 * of people under care tells every search engine to stay away, and `lighthouse.cli.ts` looks that it does.
 */
export const argued: Readonly<Record<string, string>> = {
  'is-crawlable': 'a register of people under care must not be found by searching, so every page says noindex',
};

/** One audit that did not pass, and what on the page it is about. */
export interface Failed {
  readonly category: Judged;
  readonly audit: string;
  readonly where: readonly string[];
}

export interface Audited {
  /** From 0 to 100. */
  readonly marks: Readonly<Record<Judged | 'performance', number>>;
  readonly failed: readonly Failed[];
  /** First paint, largest paint, blocked and shifted as Lighthouse works them out for a slow phone (ms, ms, ms, share). */
  readonly paints: {
    readonly first: number;
    readonly largest: number;
    readonly blocked: number;
    readonly shift: number;
  };
}

interface Item {
  readonly node?: { readonly selector?: string; readonly snippet?: string };
  readonly description?: string;
  readonly url?: string;
}

interface Audit {
  readonly score: number | null;
  readonly numericValue?: number;
  readonly explanation?: string;
  readonly details?: { readonly items?: readonly Item[] };
}

interface Result {
  readonly finalDisplayedUrl: string;
  readonly runtimeError?: { readonly message: string };
  readonly categories: Readonly<
    Record<string, { readonly score: number; readonly auditRefs: readonly { id: string; weight: number }[] }>
  >;
  readonly audits: Readonly<Record<string, Audit>>;
}

/** Installs Lighthouse beside the project. Returns why it cannot be had, or null. */
export const installLighthouse = (): string | null => installBeside(folder, packages);

/**
 * Lighthouse's marks of one page in the browser that listens on this port, with everything the browser has kept. Throws
 * when another page than this one was judged.
 */
export async function auditPage(url: string, port: number): Promise<Audited> {
  const program = path.join(besideFolder(folder), 'node_modules/lighthouse/cli/index.js');
  const categories = [...judged, 'performance'].join(',');
  const args = [program, url, `--port=${port}`, '--disable-storage-reset', `--only-categories=${categories}`];
  args.push(`--skip-audits=${Object.keys(argued).join(',')}`, '--no-enable-error-reporting', '--quiet');
  const options = { maxBuffer: 1 << 28, timeout: withinMs };
  const { stdout } = await promisify(execFile)(process.execPath, [...args, '--output=json'], options);
  const result = JSON.parse(stdout) as Result;
  if (result.runtimeError) throw new Error(`${url}: ${result.runtimeError.message}`);
  if (new URL(result.finalDisplayedUrl).pathname !== new URL(url).pathname)
    throw new Error(`${url} led to ${result.finalDisplayedUrl}.`);
  return auditedOf(result);
}

function auditedOf({ categories, audits }: Result): Audited {
  const mark = (name: string): number => Math.round((categories[name]?.score ?? Number.NaN) * 100);
  const figure = (name: string): number => Math.round((audits[name]?.numericValue ?? Number.NaN) * 100) / 100;
  return {
    marks: {
      ...{ accessibility: mark('accessibility'), 'best-practices': mark('best-practices') },
      ...{ seo: mark('seo'), performance: mark('performance') },
    },
    failed: judged.flatMap((category) =>
      (categories[category]?.auditRefs ?? []).flatMap(({ id, weight }) => {
        const audit = audits[id];
        if (weight === 0 || !audit || audit.score === null || audit.score === 1) return [];
        return { category, audit: id, where: wordsOf(audit) };
      }),
    ),
    paints: {
      ...{
        first: Math.round(figure('first-contentful-paint')),
        largest: Math.round(figure('largest-contentful-paint')),
      },
      ...{ blocked: Math.round(figure('total-blocking-time')), shift: figure('cumulative-layout-shift') },
    },
  };
}

function wordsOf({ explanation, details }: Audit): readonly string[] {
  const items = (details?.items ?? []).map(({ node, description, url }) =>
    [node?.selector, node?.snippet, description, url].filter(Boolean).join(' '),
  );
  return [...(explanation ? [explanation] : []), ...items];
}
