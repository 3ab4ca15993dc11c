import { Failure } from '../core/failure.ts';
import type { Registry } from '../factory/image/image.ts';

/**
 * A registry that another process of ours may stop serving at any moment: what finds it gone opens it again and tries
 * once more.
 */
export function reopening(inner: Registry, reopen: () => Promise<void>): Registry {
  const again =
    <Asked extends readonly unknown[], Answer>(call: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      try {
        return await call(...asked);
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'E0601') throw error;
        await reopen();
        return call(...asked);
      }
    };
  return {
    pushLine: again((...asked: Parameters<Registry['pushLine']>) => inner.pushLine(...asked)),
    attach: again((...asked: Parameters<Registry['attach']>) => inner.attach(...asked)),
    pushManifest: again((...asked: Parameters<Registry['pushManifest']>) => inner.pushManifest(...asked)),
    detach: again((...asked: Parameters<Registry['detach']>) => inner.detach(...asked)),
    resolve: again((...asked: Parameters<Registry['resolve']>) => inner.resolve(...asked)),
    blob: again((...asked: Parameters<Registry['blob']>) => inner.blob(...asked)),
    tag: again((...asked: Parameters<Registry['tag']>) => inner.tag(...asked)),
    referrers: again((...asked: Parameters<Registry['referrers']>) => inner.referrers(...asked)),
  };
}
