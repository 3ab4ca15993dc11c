import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';

const CHROMIUM = process.env['SUTURE_CHROMIUM'] ?? '/usr/bin/chromium';
const required = (process.env['SUTURE_REQUIRE'] ?? '').split(',').includes('chromium');

/** False where there is a browser, or must be one; else why tests that need one are skipped. */
export const skipWithoutChromium = existsSync(CHROMIUM) || required ? false : 'skipped: no chromium';

/** The installed browser with a profile of its own, quiet towards the network. */
export async function openChromium(options: { readonly scripts: boolean }): Promise<{
  readonly context: BrowserContext;
  close(): Promise<void>;
}> {
  const profile = mkdtempSync(join(tmpdir(), 'suture-chromium-'));
  const { chromium } = await import('playwright-core');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    javaScriptEnabled: options.scripts,
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
