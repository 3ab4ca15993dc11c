import type { Composition, Step } from '../../core/plan/step.ts';
import { heldPackages } from '../../core/plan/held-packages.ts';
import type { Stock } from '../../core/plan/stock.ts';
import { invariant } from '../../core/invariant.ts';
import { onLinux } from '../../core/match/component-verdict.ts';
import { flawsIn } from '../../core/match/flaws-in.ts';
import { isOpen, type Obligation } from '../../core/promise/standing.ts';
import type { Signer } from '../../formats/dsse/signing-key.ts';
import type { VexEntry } from '../../formats/openvex/encode-openvex.ts';
import { type LineWord, vexOfObligations } from '../../formats/openvex/vex-of-obligations.ts';
import type { BlobStore, ClockDeps, ObligationStore, StepStore } from '../deps.ts';
import type { StepDone } from '../run-step.ts';
import { composedLine } from './composed-line.ts';
import { documentImage } from './document-image.ts';
import type { Attachment, ComposedImage, Registry } from './image.ts';
import { publishImage } from './publish-image.ts';

export interface RunPublishDeps {
  readonly clock: ClockDeps;
  readonly steps: Pick<StepStore, 'outcome'>;
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly obligations: Pick<ObligationStore, 'obligations'>;
  readonly registry: Registry;
  readonly sign: Signer;
  readonly stock: () => Stock;
  /** The last fact taken in: a line that goes back to an earlier image is published anew, and says so. */
  readonly position: () => number;
  readonly catalogCommit: () => Promise<string>;
  /** How people pull a repository: `registry.example/team/hello`. */
  readonly publicName: (repository: string) => string;
  readonly author: string;
  readonly programVersion: string;
}

/** Publishes a verified line with its papers and states it. The papers are dated by the composition, so a retry makes the same. */
export async function runPublish(step: Step, deps: RunPublishDeps): Promise<StepDone> {
  invariant(
    step.kind === 'publish-image' || step.kind === 'confirm-image',
    'only a line with a composition is published',
  );
  const { line, composition, reason } = step;
  const composed = await composedLine(line.line, composition, deps);
  const composing = await deps.steps.outcome(`compose-image ${line.line} ${composition.digest}`);
  invariant(composing?.kind === 'done', `${line.line} is composed before it is published`);
  const obligations = await deps.obligations.obligations({ line: line.line }, null);
  const catalogCommit = await deps.catalogCommit();
  const documents = (image: ComposedImage): readonly Attachment[] =>
    documentImage(
      {
        image: {
          repository: deps.publicName(line.repository),
          tag: line.tag,
          digest: image.manifest.digest,
          architecture: image.architecture,
          inventory: image.inventory,
          at: composing.at,
          programVersion: deps.programVersion,
        },
        origin: {
          line: line.line,
          architecture: image.architecture,
          catalogCommit,
          reason,
          programVersion: deps.programVersion,
          composedAt: composing.at,
          packages: builtFor(composition, image.architecture),
          imported: importedFor(composition, image.architecture),
          notes: image.notes ?? [],
        },
        vex: vexOf(image, obligations, { stock: deps.stock(), held: heldPackages(line), now: composing.at }),
        author: deps.author,
      },
      deps.sign,
    );
  const started = deps.clock.now();
  const payload = await publishImage(
    {
      line,
      composed,
      attachments: Object.fromEntries(composed.images.map((image) => [image.architecture, documents(image)])),
      composition: composition.digest,
      reason,
    },
    deps,
  );
  const at = { from: started, to: deps.clock.now() };
  return {
    facts: [
      { type: 'image-published', at, by: 'suture', payload, evidence: [], sourceKey: `after fact ${deps.position()}` },
    ],
    result: { digest: payload.digest },
  };
}

function builtFor({ packages }: Composition, architecture: ComposedImage['architecture']) {
  return packages.flatMap((each) =>
    each.architecture === architecture && 'recipe' in each ? [{ ...each, commit: null }] : [],
  );
}

function importedFor({ packages }: Composition, architecture: ComposedImage['architecture']) {
  return packages.flatMap((each) => (each.architecture === architecture && 'suite' in each ? [each] : []));
}

/** What the line's obligations say about this very image: what it does not hold any more is fixed in it. */
function vexOf(
  image: ComposedImage,
  obligations: readonly Obligation[],
  { stock, held, now }: { readonly stock: Stock } & Pick<LineWord, 'held' | 'now'>,
): readonly VexEntry[] {
  const on = { ...onLinux, architecture: image.architecture };
  const { affected, undetermined } = flawsIn(image.inventory, stock.advisories, on);
  const purlsOf = ({ claims }: Obligation): readonly string[] => {
    const upstreams = new Set(claims.map((claim) => claim.upstream));
    return image.inventory.components
      .filter((component) => upstreams.has(component.upstream))
      .map((component) => component.purl);
  };
  // What nobody can determine is not stated to be fixed.
  const holds = ({ vulnerability, aliases }: Obligation): boolean =>
    [vulnerability, ...aliases].some((id) => affected.has(id) || undetermined.has(id));
  const ended = obligations.filter((each) => !isOpen(each.standing) || holds(each));
  const fixedHere = obligations.filter((each) => isOpen(each.standing) && !holds(each));
  return [
    ...vexOfObligations(ended, { statements: [...stock.statements.values()], held, now, purlsOf }),
    ...fixedHere.map(
      (each): VexEntry => ({
        vulnerability: each.vulnerability,
        aliases: each.aliases,
        components: purlsOf(each),
        standing: each.standing,
        due: null,
        status: 'fixed',
      }),
    ),
  ];
}
