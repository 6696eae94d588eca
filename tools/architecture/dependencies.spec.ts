import { describe, expect, it } from '@jest/globals';
import { compareDependencies, importedPackages } from './dependencies.ts';
import { readManifest, readProjects, root } from './workspace.ts';

const rootPackages = new Set(Object.keys(readManifest(root).devDependencies ?? {}));

describe('what a package imports', () => {
  it.each(readProjects())('$folder declares it', (project) => {
    expect(compareDependencies(project, rootPackages).undeclared).toEqual([]);
  });

  it('is seen in every form', () => {
    const text = `
      import 'a'; import b from 'b/c'; export * from '@d/e/f'; import type { G } from 'g';
      const h = await import('h'); import './i.ts'; import 'node:fs';`;
    expect(importedPackages(text).sort()).toEqual(['@d/e', 'a', 'b', 'g', 'h']);
  });

  it('is refused when package.json does not name it', () => {
    const kernel = readProjects().find(({ folder }) => folder === 'libs/x12');
    expect(kernel).toBeDefined();
    if (!kernel) return;
    const bare = { ...kernel, manifest: { ...kernel.manifest, dependencies: {} } };
    expect(compareDependencies(bare, rootPackages).undeclared).toEqual(
      expect.arrayContaining([expect.stringContaining('@remitflow/kernel')]),
    );
  });
});
