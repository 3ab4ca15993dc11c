import { foundComponent, type FoundComponent } from '../inventory/found-component.ts';

/**
 * An installed Ruby gem, from the specification that RubyGems writes into its `specifications` folder. That file is Ruby, so
 * it is read in the two forms that RubyGems itself writes and reads without running it: the line `# stub: NAME VERSION
 * PLATFORM PATHS` (Gem::StubSpecification), and assignments of plain texts (Gem::Specification#to_ruby).
 */
export function gemComponent(bytes: Uint8Array): FoundComponent | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, READ_BYTES_MAX)).toString();
  const [, name, version] = STUB.exec(text) ?? [];
  return foundComponent({
    ecosystem: 'RubyGems',
    name: name ?? NAME.exec(text)?.[1] ?? '',
    version: version ?? VERSION.exec(text)?.[1] ?? '',
    edge: 'contains',
  });
}

const READ_BYTES_MAX = 65_536;
const STUB = /^# stub: (\S+) (\S+) \S+ /m;
const NAME = /^[ \t]*\w+\.name[ \t]*=[ \t]*["']([^"'\n]+)["']/m;
const VERSION = /^[ \t]*\w+\.version[ \t]*=[ \t]*(?:Gem::Version\.new\([ \t]*)?["']([^"'\n]+)["']/m;
