/**
 * The outside world failed, or its data is wrong: one class for the whole project, with a stable code.
 * Expected outcomes are values and our own mistakes are `invariant`s; neither is a `Failure`.
 */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly detail: FailureDetail;

  constructor(code: FailureCode, what: string, detail: FailureDetail = {}) {
    super(what, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'Failure';
    this.code = code;
    this.detail = detail;
  }
}

export interface FailureDetail {
  /** Where the trouble is: `file:line:column`, an address, a digest. */
  readonly at?: string;
  /** The line of text that `at` points at, for showing it with a caret under the trouble. */
  readonly excerpt?: Excerpt;
  /** Why it is trouble, when the first sentence does not say so. */
  readonly why?: string;
  /** What stayed as it was. */
  readonly kept?: string;
  /** One thing to do next, a command when there is one. */
  readonly hint?: string;
  /** Whether trying again without any change may help. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** One line of a file, and where in it the trouble is; line and column count from 1, length in characters. */
export interface Excerpt {
  readonly line: number;
  readonly text: string;
  readonly column: number;
  readonly length: number;
}

/** Codes are stable: they appear in JSON, in documentation and in `suture explain CODE`. */
export type FailureCode = keyof typeof failureCodes;

/** Each code with its title and the exit code it leads to (sysexits numbers). */
export const failureCodes = {
  E0101: { title: 'The configuration is not valid', exitCode: 78 },
  E0102: { title: 'The catalog refers to something that does not exist', exitCode: 78 },
  E0103: { title: 'No catalog here', exitCode: 78 },
  E0201: { title: 'A feed cannot be reached', exitCode: 69 },
  E0202: { title: 'A feed sent data that cannot be used', exitCode: 65 },
  E0203: { title: 'An upstream cannot be reached', exitCode: 69 },
  E0204: { title: 'An upstream sent data that cannot be used', exitCode: 65 },
  E0205: { title: 'Something from outside is larger than its bound', exitCode: 65 },
  E0206: { title: 'The address is not allowed', exitCode: 77 },
  E0207: { title: 'The advisories are older than is allowed', exitCode: 69 },
  E0301: { title: 'A signature or digest does not match', exitCode: 65 },
  E0302: { title: 'The ledger does not verify', exitCode: 65 },
  E0303: { title: 'A key is missing or cannot be used', exitCode: 77 },
  E0401: { title: 'Nothing provides what is asked for', exitCode: 65 },
  E0402: { title: 'A build step failed', exitCode: 65 },
  E0403: { title: 'The build sandbox cannot be used', exitCode: 69 },
  E0404: { title: 'An archive is malformed or hostile', exitCode: 65 },
  E0405: { title: 'A source does not match its digest', exitCode: 65 },
  E0406: { title: 'The image did not pass its gates', exitCode: 65 },
  E0501: { title: 'A person must decide', exitCode: 3 },
  E0601: { title: 'The registry cannot be reached', exitCode: 69 },
  E0602: { title: 'The registry refused', exitCode: 77 },
  E0603: { title: 'The registry answered something else than it was given', exitCode: 65 },
  E0701: { title: 'The clock went backwards', exitCode: 75 },
  E0801: { title: 'Not permitted', exitCode: 77 },
  E0802: { title: 'Another daemon holds this store', exitCode: 75 },
  E0803: { title: 'The store cannot be used', exitCode: 69 },
  E0804: { title: 'The git repository cannot be used', exitCode: 69 },
  E0901: { title: 'A fault in Suture itself', exitCode: 1 },
  E0902: { title: 'Not a known command, option or name', exitCode: 64 },
  E0903: { title: 'Cancelled', exitCode: 130 },
  E0904: { title: 'What was given as input cannot be understood', exitCode: 65 },
} as const satisfies Record<string, { readonly title: string; readonly exitCode: number }>;
