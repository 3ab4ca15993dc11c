import { html } from 'hono/html';
import type { PolicySentence } from '../../core/policy/describe-policy.ts';
import type { AdoptedPolicy } from '../../views/report/policies.ts';
import type { Exclusions } from '../../views/report/exclusions.ts';
import { exclusionsPart } from './exclusions-part.ts';
import { exactTime, type Html } from './parts.ts';

export interface PromiseView {
  /** Name of the policy in force. */
  readonly name: string;
  /** One line: the hours. */
  readonly promise: string;
  /** Every rule of the policy in a sentence. */
  readonly sentences: readonly PolicySentence[];
  /** What stood outside the percentage in the last ninety days. */
  readonly exclusions: Exclusions;
  /** As the ledger has it. */
  readonly adopted: Pick<AdoptedPolicy, 'digest' | 'from'>;
  /** Address of the report. */
  readonly report: string;
}

/** The stated conditions, generated from the policy in force: no rule lives anywhere else. */
export function promisePage(view: PromiseView): Html {
  return html`<header class="title">
<h1>The promise</h1>
<p class="under">Policy <b>${view.name}</b>: ${view.promise}.</p>
<p class="under">${view.adopted.from === null || view.adopted.digest === null ? 'The ledger has adopted no policy yet: this is the default one.' : html`In force since ${exactTime(view.adopted.from)}, as <code>${view.adopted.digest}</code>. What started before is judged by the policy of its time.`}</p>
</header>
${[...Map.groupBy(view.sentences, ({ about }) => about)].map(
  ([
    about,
    rules,
  ]) => html`<section class="prose" aria-labelledby="h-${about}"><h2 id="h-${about}">${headings[about]}</h2>
<ul class="rules">${rules.map(({ sentence }) => html`<li>${sentence}</li>`)}</ul></section>`,
)}
<section class="prose" aria-labelledby="h-read"><h2 id="h-read">How the clock is read</h2>
<ul class="rules">
<li>It starts when a release with the fix could be downloaded from upstream: the earliest point that the evidence allows. When we noticed does not matter.</li>
<li>It stops when bytes pulled back by the public tag are clean, on every architecture of the line, by the registry’s own clock.</li>
<li>Exactly at the deadline is in time; a second later is missed. A miss stays, whatever happens afterwards.</li>
<li>What is open after its deadline counts as missed in the percentage. Waivers stand beside it, each with who approved it and until when; one granted after a miss does not excuse it.</li>
</ul></section>
<section id="outside" aria-labelledby="h-outside"><h2 id="h-outside">What stood outside it in the last ninety days</h2>
${exclusionsPart(view.exclusions)}
<p class="under">The whole <a href="${view.report}">report</a> has every row, and a file that proves itself.</p></section>`;
}

const headings: Readonly<Record<PolicySentence['about'], string>> = {
  deadlines: 'By when',
  clock: 'From when',
  severity: 'How severe',
  'high-profile': 'Ahead of all other work',
  compilers: 'When a compiler changes',
  backport: 'When a fix is carried back',
  'cherry-pick': 'When a fix is taken before its release',
  compatibility: 'What an update never breaks',
};
