import { numberKey } from './sort-key.ts';
import type { VersionOrder } from './version-order.ts';

/**
 * A row of numbers, separated by `.` or `-`; when one row begins the other, the longer is higher: 1.0 < 1.0.0. So order
 * CRAN (R, ?numeric_version) and Hackage (Data.Version).
 */
export const dottedOrder: VersionOrder = {
  place: (version) => {
    const text = version.trim();
    if (!/^[0-9]+(?:[.-][0-9]+)*$/.test(text)) return undefined;
    const numbers = text.split(/[.-]/).map((digits) => `\x02${numberKey(digits)}`);
    return { key: `${numbers.join('')}\x01`, isValid: true };
  },
  isPrerelease: () => false,
};
