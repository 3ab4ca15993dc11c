import { setTimeout as pause } from 'node:timers/promises';
import type { Failure } from '../core/failure.ts';
import { tick } from '../factory/tick.ts';
import type { ServeDeps } from '../serve/cli/serve.ts';
import { daemon } from '../serve/daemon.ts';
import type { Health } from '../views/health.ts';
import { openFactory } from './open-factory.ts';
import { eventOf, LOOK_EVERY_SECONDS, logStep } from './open-run.ts';
import { placesFrom } from './places-from.ts';
import { refusePast } from './refuse-past.ts';
import { servePages, untilAborted } from './serve-pages.ts';
import { worldTime } from './world.ts';

const PAUSE_SECONDS = 30;

/** `suture serve`: the daemon with its registry and pages; one for each store. A made-up world only shows its pages. */
export async function openServe(cwd: string): Promise<ServeDeps> {
  const places = await placesFrom(cwd);
  const { clock, notice } = await worldTime(places);
  return {
    notice,
    async serve({ host, port, pagesOnly, signal, onReady, onEvent }) {
      const fault = (error: unknown): void => onEvent({ step: 'pages', state: 'failed', words: String(error) });
      if (pagesOnly || notice !== null) {
        const pages = await servePages({
          cwd,
          host,
          port,
          health: () => ({ status: 'ok', lastTick: null, trouble: null }),
          onFault: fault,
        });
        onReady(pages.url);
        await untilAborted(signal);
        return pages.close();
      }
      const factory = await openFactory({ places, clock, lookEverySeconds: LOOK_EVERY_SECONDS });
      try {
        await refusePast(factory.store, clock);
        const lock = await factory.store.daemonLock();
        const state: { health: () => Omit<Health, 'store'> } = {
          health: () => ({ status: 'ok', lastTick: null, trouble: null }),
        };
        // The pages come first: an address that cannot be had must not leave a factory turning behind it.
        const pages = await servePages({ cwd, host, port, health: () => state.health(), onFault: fault });
        const turning = daemon(
          {
            now: () => clock.now(),
            async tick() {
              const { ran, problems } = await tick(factory.memory, factory.deps);
              for (const problem of problems) onEvent({ step: 'look', state: 'failed', words: wordsOf(problem) });
              const trouble = problems[0] === undefined ? null : wordsOf(problems[0]);
              if (ran === undefined) return { more: false, trouble };
              onEvent(eventOf(ran));
              await logStep(ran, factory.store.operations, clock.now());
              return { more: true, trouble };
            },
            sleep: (seconds, aborted) => pause(seconds * 1000, undefined, { signal: aborted }).catch(() => undefined),
            onTrouble: (failure) => onEvent({ step: 'tick', state: 'failed', words: wordsOf(failure) }),
          },
          { pauseSeconds: PAUSE_SECONDS, signal },
        );
        state.health = () => {
          const { failures, lastTick, trouble } = turning.health();
          return { status: failures > 0 || trouble !== null ? 'degraded' : 'ok', lastTick, trouble };
        };
        onReady(pages.url);
        await turning.ended;
        await pages.close();
        await lock.release();
      } finally {
        await factory.close();
      }
    },
    close: () => Promise.resolve(),
  };
}

function wordsOf({ message, code, detail }: Failure): string {
  return `${message} (${code})${detail.at === undefined ? '' : ` at ${detail.at}`}`;
}
