import type { BadInput } from './case.ts';

export const stores: readonly BadInput[] = [];
