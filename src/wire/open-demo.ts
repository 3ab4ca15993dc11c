import { relative, resolve } from 'node:path';
import { Failure } from '../core/failure.ts';
import { obligations } from '../core/promise/obligations.ts';
import type { Obligation } from '../core/promise/standing.ts';
import type { StepReport } from '../factory/run-step.ts';
import type { DemoDeps, DemoEvent } from '../serve/cli/demo.ts';
import { flaw, worldNotice } from '../serve/demo/scenario.ts';
import { secondsBetween, spellLeft, spellMargin } from '../views/durations.ts';
import { play } from './demo.ts';
import { subjectOfStep } from './open-run.ts';
import { servePagesNear, untilAborted } from './serve-pages.ts';

/** `suture demo`: plays the made-up world, and serves its pages until it is stopped. */
export function openDemo(cwd: string): DemoDeps {
  return {
    notice: worldNotice,
    async demo({ folder, port, exit, miss, signal, onEvent, onServed }) {
      const place = resolve(cwd, folder ?? (miss ? 'suture-demo-miss' : 'suture-demo'));
      let trouble: Failure | undefined;
      const played = await play({
        folder: place,
        miss,
        signal,
        onMoment: (at, words) => onEvent({ time: timeOf(at), words, shown: null, clock: null }),
        onStep: (at, report) => {
          if (report.kind === 'failed') trouble = report.failure;
          const words = storyOf(report);
          if (words !== undefined) onEvent({ time: timeOf(at), words, shown: null, clock: null });
        },
        onStanding: (at, obligation) => onEvent(standingEvent(at, obligation)),
      });
      const all = obligations(played.factory.memory.history, played.now);
      const summary = {
        ...countOf(all),
        folder: place,
        url: null,
        next: nextCommands(relative(cwd, played.places.catalog) || '.', miss),
      };
      await played.factory.close();
      // Whether the promise is kept or broken, the story ends with a fixed image.
      if (!signal.aborted && !all.some(isFixed)) throw trouble ?? untold(place);
      if (exit || signal.aborted) return summary;
      const pages = await servePagesNear({
        cwd: played.places.catalog,
        host: '127.0.0.1',
        port,
        health: () => ({ status: 'ok', lastTick: played.now, trouble: null }),
        onFault: (error) =>
          onEvent({ time: timeOf(played.now), words: `a page failed: ${String(error)}`, shown: null, clock: null }),
      });
      onServed({ ...summary, url: pages.url });
      await untilAborted(signal);
      await pages.close();
      return { ...summary, url: pages.url };
    },
  };
}

/** Only what a newcomer wants to hear: what was decided, what went out, and what failed. */
function storyOf(report: StepReport): string | undefined {
  if (report.kind === 'failed') return `${subjectOfStep(report.step)}: ${report.failure.message}`;
  if (report.kind !== 'done') return undefined;
  const { step } = report;
  switch (step.kind) {
    case 'propose-change':
      return `${step.recipe.recipe}: a change to ${step.release.version} is proposed on a branch`;
    case 'merge-change':
      return `${step.recipe.recipe}: ${step.recipe.version} is built for every architecture, tested, and merged`;
    case 'confirm-image':
      return `${step.line.line} is composed, verified, signed and published; pulled back and confirmed`;
    case 'attach-receipts':
      return step.obligations.length > 0 || step.record.because === 'new'
        ? `${step.line.line} carries a signed receipt`
        : undefined;
    case 'build-package':
    case 'import-packages':
    case 'compose-image':
    case 'verify-image':
    case 'publish-image':
      return undefined;
  }
}

function standingEvent(at: Temporal.Instant, { vulnerability, line, standing, clock }: Obligation): DemoEvent {
  const margin = clock.marginSeconds;
  const left = clock.due === null ? null : spellLeft(secondsBetween(at, clock.due));
  const words = `${vulnerability} in ${line}`;
  return { time: timeOf(at), words, shown: standing, clock: margin === null ? left : spellMargin(margin) };
}

/** Day and time of the made-up clock. */
function timeOf(at: Temporal.Instant): string {
  return `${at.toString().slice(5, 10)} ${at.toString().slice(11, 16)}`;
}

function isFixed({ vulnerability, clock }: Obligation): boolean {
  return vulnerability === flaw && clock.t1 !== null;
}

function untold(place: string): Failure {
  return new Failure('E0802', 'The made-up world did not come to the end of its story', {
    at: place,
    why: 'another process may be playing it in the same folder',
    hint: 'run it again, or start anew in another folder: suture demo --dir FOLDER',
    retryable: true,
  });
}

/** Overdue counts as due and not met: an open miss is never left out of the sum. */
function countOf(all: readonly Obligation[]): { readonly due: number; readonly met: number } {
  const count = (standing: Obligation['standing']): number => all.filter((each) => each.standing === standing).length;
  return { due: count('met') + count('missed') + count('overdue'), met: count('met') };
}

function nextCommands(catalog: string, miss: boolean): readonly { readonly command: string; readonly shows: string }[] {
  return [
    { shows: 'the deadline board', command: `npx suture --cwd ${catalog} status` },
    { shows: 'why, with every fact', command: `npx suture --cwd ${catalog} explain ${flaw}` },
    { shows: 'check an image yourself', command: `npx suture --cwd ${catalog} verify hello:1` },
    ...(miss ? [] : [{ shows: 'a broken promise, in red', command: 'npx suture demo --miss' }]),
    { shows: 'a catalog of your own', command: 'npx suture init my-images' },
  ];
}
