import type { BadInput } from './case.ts';

export const archives: readonly BadInput[] = [];
