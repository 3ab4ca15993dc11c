import type { Context } from 'hono';
import { describePolicy } from '../../core/policy/describe-policy.ts';
import type { Policy } from '../../core/promise/policy.ts';
import { promiseInOneLine } from '../../views/promise.ts';
import type { ReportView } from '../../views/report/report.ts';
import type { Frame } from './layout.ts';
import { layout } from './layout.ts';
import { promisePage } from './promise-page.ts';

export interface PromiseAsked {
  readonly policy: Policy;
  /** Of the last ninety days. */
  readonly reported: ReportView;
  /** Null: as JSON. */
  readonly frame: Omit<Frame, 'title'> | null;
  readonly now: Temporal.Instant;
}

/** The stated conditions, and what stood outside of them lately. */
export function answerPromise(
  c: Context,
  { policy, reported, frame, now }: PromiseAsked,
): Response | Promise<Response> {
  const { exclusions, policies } = reported;
  const view = { name: policy.name, promise: promiseInOneLine(policy), sentences: describePolicy(policy), exclusions };
  if (frame === null) {
    const { name, digest, from } = policies.inForce;
    const adopted = { name, digest, from };
    return c.json({ schema: 'suture/promise/1', generatedAt: now, ...view, policy, adopted });
  }
  const body = promisePage({ ...view, adopted: policies.inForce, report: frame.links.report });
  return c.html(layout({ ...frame, title: 'The promise', here: 'promise' }, body));
}
