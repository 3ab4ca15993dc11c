import type { RecipeStep } from '../../core/catalog/catalog.ts';
import { Failure } from '../../core/failure.ts';
import type { StepRun } from './workspace.ts';

const LAST_LINES = 5;

/** What happened in one build, as text without times of day, so that equal builds have equal logs. */
export class BuildLog {
  readonly #subject: string;
  readonly #file: string;
  readonly #parts: string[];
  /** Spent in steps and tests. */
  seconds = 0;

  constructor(subject: string, file: string) {
    this.#subject = subject;
    this.#file = file;
    this.#parts = [`== ${subject}\n`];
  }

  note(line: string): void {
    this.#parts.push(`-- ${line}\n`);
  }

  /** Adds what a step said; E0402 when it did not end well. */
  take(step: RecipeStep, run: StepRun): void {
    const end = run.killedBy === null ? `exit code ${run.exitCode}` : `killed (${reasons[run.killedBy]})`;
    this.#parts.push(
      `-- ${step.name}\n${run.output}${run.output.endsWith('\n') || run.output === '' ? '' : '\n'}-- ${end}\n`,
    );
    this.seconds += run.seconds;
    if (run.exitCode === 0 && run.killedBy === null) return;
    throw this.failure(`${step.name}: ${end}`, run.output);
  }

  failure(what: string, said: string): Failure {
    const lines = said.trim() === '' ? ['it wrote nothing'] : said.trimEnd().split('\n').slice(-LAST_LINES);
    return new Failure('E0402', `${this.#subject}: ${what}`, {
      at: this.#file,
      why: lines.join('\n'),
      kept: 'what is published stays as it is',
      retryable: false,
    });
  }

  bytes(): Uint8Array {
    return new TextEncoder().encode(this.#parts.join(''));
  }
}

const reasons = {
  timeout: 'it took longer than build.timeout allows',
  memory: 'it needed more memory than build.memory allows',
  signal: 'by a signal',
} as const;
