/** Values that can be made again from bytes, by a key that says everything they depend on. Losing one costs time only. */
export interface Cache<T> {
  get(key: string): Promise<T | undefined>;
  set(key: string, value: T): Promise<void>;
}

/** Keeps the values used last, in memory. */
export function memoryCache<T>(entriesMax: number): Cache<T> {
  const kept = new Map<string, T>();
  return {
    async get(key) {
      const value = kept.get(key);
      if (value === undefined) return undefined;
      kept.delete(key);
      kept.set(key, value);
      return value;
    },
    async set(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > entriesMax && oldest !== undefined) kept.delete(oldest);
    },
  };
}
