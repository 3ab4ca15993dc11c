import { foundComponent, type FoundComponent } from '../inventory/found-component.ts';

/**
 * An installed Python distribution, from `METADATA` of its `.dist-info` folder, `PKG-INFO` of an `.egg-info` folder, or the
 * older `.egg-info` file: headers of mail up to a blank line (packaging.python.org, "Core metadata specifications").
 */
export function pythonComponent(bytes: Uint8Array): FoundComponent | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_BYTES_MAX)).toString();
  const [headers = ''] = text.replaceAll('\r', '').split('\n\n', 1);
  return foundComponent({
    ecosystem: 'PyPI',
    name: headerOf(headers, 'Name'),
    version: headerOf(headers, 'Version'),
    edge: 'contains',
  });
}

/** Name and Version come first; a description of a megabyte may follow. */
const HEADER_BYTES_MAX = 65_536;

function headerOf(headers: string, name: string): string {
  return new RegExp(`^${name}:(.*)$`, 'mi').exec(headers)?.[1]?.trim() ?? '';
}
