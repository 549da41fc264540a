import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

/** Where a package, asked from another one, finds protobufjs. */
function protobufjsOf(asking: string): string {
  const entry = createRequire(import.meta.url).resolve(asking);
  return realpathSync(createRequire(entry).resolve('protobufjs/package.json'));
}

describe('packages', () => {
  it('the whole SDK shares one protobufjs 8, or histories kept as JSON cannot be replayed', () => {
    const found = ['@temporalio/proto', '@temporalio/common', '@temporalio/client', '@temporalio/worker'].map(
      protobufjsOf,
    );
    expect(new Set(found).size).toBe(1);
    const { version } = JSON.parse(readFileSync(found[0] ?? '', 'utf8')) as { version: string };
    expect(version).toMatch(/^8\./);
  });
});
