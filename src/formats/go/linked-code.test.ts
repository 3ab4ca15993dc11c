import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkedCode } from './linked-code.ts';

const info = {
  path: 'example.com/hello/cmd',
  main: { path: 'example.com/hello', version: '(devel)' },
  dependencies: [
    { path: 'example.com/a', version: 'v1.0.0' },
    { path: 'example.com/a/b', version: 'v1.0.0' },
    { path: 'gopkg.in/yaml.v3', version: 'v3.0.0' },
  ],
};

const cases: readonly (readonly [name: string, module: string, symbol: string])[] = [
  ['crypto/tls.(*Conn).Handshake', 'stdlib', 'crypto/tls.Conn.Handshake'],
  ['crypto/tls.(*Conn).Handshake-fm', 'stdlib', 'crypto/tls.Conn.Handshake'],
  ['net/http.(*Server).Serve.func2.1', 'stdlib', 'net/http.Server.Serve'],
  ['net/http.HandlerFunc.ServeHTTP', 'stdlib', 'net/http.HandlerFunc.ServeHTTP'],
  ['net/http.(*http2Server).ServeConn.gowrap1', 'stdlib', 'net/http.http2Server.ServeConn'],
  ['vendor/golang.org/x/net/idna.ToASCII', 'stdlib', 'vendor/golang.org/x/net/idna.ToASCII'],
  ['slices.Sort[...]', 'stdlib', 'slices.Sort'],
  ['sync/atomic.(*Pointer[go.shape.struct { a/b.x int }]).Load', 'stdlib', 'sync/atomic.Pointer.Load'],
  ['slices.pdqsortCmpFunc[go.shape.string].func1', 'stdlib', 'slices.pdqsortCmpFunc'],
  ['example.com/a.F', 'example.com/a', 'example.com/a.F'],
  ['example.com/a/b/c.F', 'example.com/a/b', 'example.com/a/b/c.F'],
  ['example.com/ab.F', 'stdlib', 'example.com/ab.F'],
  ['gopkg.in/yaml%2ev3.(*Decoder).Decode', 'gopkg.in/yaml.v3', 'gopkg.in/yaml.v3.Decoder.Decode'],
  ['main.main', 'example.com/hello', 'example.com/hello/cmd.main'],
  ['main.main.func1-range1', 'example.com/hello', 'example.com/hello/cmd.main'],
];
for (const [name, module, symbol] of cases) {
  test(`linkedCode() of ${name} is ${symbol} in ${module}`, () => {
    assert.deepEqual(linkedCode([name], info)(module).symbols, [symbol]);
  });
}

test('linkedCode() leaves out what compilers add, and knows a module of which nothing was linked', () => {
  const linked = linkedCode(['go:buildid', 'type:.eq.runtime.g', 'type..hash.x/y.z', '_rt0_amd64_linux'], info);
  assert.deepEqual(linked('stdlib'), { packages: [], symbols: [] });
  assert.deepEqual(linked('example.com/a'), { packages: [], symbols: [] });
});
