import { Command } from 'commander';
import { Failure } from '../../core/failure.ts';
import type { AccountDeps } from '../look-up-account.ts';
import type { Cli, Open } from './session.ts';
import { action } from './session.ts';

export interface ExplainDeps extends AccountDeps {
  close(): Promise<void>;
}

export function explainCommand(cli: Cli, open: Open<ExplainDeps>): Command {
  return new Command('explain')
    .description(
      'Why: what happened, when, on which evidence, what would end it and who can move it. Takes whatever has an id\nor a name, and a number as it stands on the board.',
    )
    .argument(
      '<id...>',
      'CVE-2026-1234, CVE-2026-1234 in nginx:1.28, nginx:1.28, sha256:…, an obligation id, #12 (a fact), curl\n(recipe, package, upstream), pkg:generic/curl, "12 waiting", "411 of 413", E0402',
    )
    .addHelpText('after', EXAMPLE)
    .action(
      action(cli, async (session, words: readonly string[]) => {
        const id = words.join(' ');
        const [{ explain }, { explanationText, explanationJson }, { subjectOf }, { codeView }] = await Promise.all([
          import('../explain.ts'),
          import('./explain-text.ts'),
          import('../../views/subject.ts'),
          import('../../views/code.ts'),
        ]);
        const subject = subjectOf(id);
        if (subject.kind === 'code') {
          const explanation = { kind: 'code' as const, view: codeView(subject.code) };
          session.answer({
            json: () => explanationJson(explanation, session.now()),
            table: () => explanationText(explanation, session),
          });
          return 0;
        }
        const deps = await open(session.globals);
        try {
          const explanation = await explain(id, session.globals.asOf, deps);
          if (explanation.kind === 'unknown') {
            throw new Failure('E0902', `nothing is known about ${id}`, {
              why:
                explanation.instead === undefined
                  ? `it was taken for a ${explanation.takenFor}, and no fact and no line of the catalog names it`
                  : `no figure of the board is that; what stands there is: ${explanation.instead}`,
              hint: 'suture status',
            });
          }
          session.answer({
            json: () => explanationJson(explanation, deps.now()),
            table: () => explanationText(explanation, session),
          });
          return 0;
        } finally {
          await deps.close();
        }
      }),
    );
}

const EXAMPLE = `
Examples:
  $ suture explain CVE-2026-1234
  $ suture explain nginx:1.28 --as-of 2026-08-01T12:00:00Z
  $ suture explain 12 waiting
  $ suture explain E0402`;
