import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/station/chromium.mjs';
import { browserSwitches } from '../support/browser-switches.ts';

/** A browser with a profile of its own that is gone afterwards. */
export class BenchBrowser {
  private constructor(
    readonly context: BrowserContext,
    readonly profile: string,
  ) {}

  static async open(): Promise<BenchBrowser> {
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'nuanlin-bench-profile-'));
    const executablePath = ensureChromium((line) => process.stderr.write(`${line}\n`));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      args: [...browserSwitches],
    });
    return new BenchBrowser(context, profile);
  }

  /** A page that has said `window.bench`. */
  async page(url: string, { cpuSlowdown = 1 } = {}): Promise<Page> {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => process.stderr.write(`page: ${error.message}\n`));
    page.on('console', (message) => {
      if (message.type() === 'error' || process.env.BENCH_VERBOSE)
        process.stderr.write(`page: ${message.text().slice(0, 500)}\n`);
    });
    if (cpuSlowdown > 1) {
      const session = await this.context.newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
    }
    const profiled = process.env.BENCH_PROFILE && cpuSlowdown > 1 ? await profileOf(page) : null;
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in globalThis);
    // What a start costs is over when its list stands.
    if (profiled) await page.waitForTimeout(2_000).then(() => profiled(process.env.BENCH_PROFILE as string, 'start'));
    return page;
  }

  async end(): Promise<void> {
    await this.context.close();
    fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Asks the page's `bench` to do something. With BENCH_PROFILE=FOLDER a processor profile of each step is left there. */
export async function ask<T>(page: Page, name: string, ...given: unknown[]): Promise<T> {
  const folder = process.env.BENCH_PROFILE;
  if (!folder) return asked(page, name, given);
  const profiled = await profileOf(page);
  const told = await asked<T>(page, name, given);
  await profiled(folder, name);
  return told;
}

/** Begins a processor profile of the page; what it gives ends it and writes it down. */
async function profileOf(page: Page): Promise<(folder: string, name: string) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 200 });
  await session.send('Profiler.start');
  return async (folder, name) => {
    const { profile } = await session.send('Profiler.stop');
    fs.writeFileSync(path.join(folder, `${name}-${Date.now()}.cpuprofile`), JSON.stringify(profile));
    await session.detach();
  };
}

function asked<T>(page: Page, name: string, given: readonly unknown[]): Promise<T> {
  return page.evaluate(
    ([what, values]) => {
      const { bench } = globalThis as unknown as { bench: Record<string, (...all: unknown[]) => unknown> };
      return bench[what as string]?.(...(values as unknown[]));
    },
    [name, given] as const,
  ) as Promise<T>;
}
