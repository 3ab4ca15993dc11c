/** Lets many share and one exclude: pushes of manifests go on together, taking a blob away waits until none is under way. */
export interface Gate {
  shared<T>(work: () => Promise<T>): Promise<T>;
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function gate(): Gate {
  let sharing = new Set<Promise<unknown>>();
  let excluding: Promise<unknown> = Promise.resolve();

  return {
    shared(work) {
      const running = excluding.catch(() => undefined).then(work);
      sharing.add(running);
      const done = () => sharing.delete(running);
      running.then(done, done);
      return running;
    },
    alone(work) {
      const before = [...sharing, excluding];
      const running = Promise.allSettled(before).then(work);
      excluding = running;
      return running;
    },
  };
}
