/** Builds the page that end-to-end tests drive: the SDK and the probe, as one script. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    probeScript: string;
  }
}

export default async function buildPages(project: TestProject): Promise<() => void> {
  const outDir = mkdtempSync(join(tmpdir(), 'parley-pages-'));
  await build({
    configFile: false,
    logLevel: 'warn',
    root: join(import.meta.dirname, '..'),
    build: {
      outDir,
      emptyOutDir: true,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, '../pages/probe.ts'),
        formats: ['iife'],
        name: 'unused',
        fileName: () => 'probe.js',
      },
    },
  });
  project.provide('probeScript', join(outDir, 'probe.js'));
  return () => rmSync(outDir, { recursive: true, force: true });
}
