import { at, importing, inService, probe, type Row } from './probing.ts';

const imports = 'house/imports';
const kernel = 'libs/kernel/src/probe.ts';
const strangersOfPure = [
  '@remitflow/contracts',
  '@remitflow/messaging',
  '@remitflow/audit',
  '@nestjs/common',
];

const betweenProjects: Row[] = [
  {
    what: 'pure imports pure alone',
    rule: imports,
    refused: importing('libs/x12/src/probe.ts', ...strangersOfPure, 'typeorm', 'node:fs', 'fast-check'),
    accepted: importing('libs/x12/src/probe.ts', '@remitflow/kernel', 'node:crypto'),
  },
  {
    what: 'contracts import pure and class-validator',
    rule: imports,
    refused: importing(
      'libs/contracts/src/probe.ts',
      '@remitflow/messaging',
      '@remitflow/service',
      'pg',
      'node:fs',
    ),
    accepted: importing(
      'libs/contracts/src/probe.ts',
      '@remitflow/kernel',
      'class-validator',
      'class-transformer',
    ),
  },
  {
    what: 'the platform knows no service and no tool',
    rule: imports,
    refused: importing(
      'libs/service/src/probe.ts',
      '@remitflow/payout',
      '@remitflow/testing',
      '@remitflow/cli',
      'lodash',
    ),
    accepted: importing(
      'libs/service/src/probe.ts',
      '@remitflow/contracts',
      '@remitflow/messaging',
      '@nestjs/core',
      'pg',
    ),
  },
  {
    what: 'testing knows no service',
    rule: imports,
    refused: importing('libs/testing/src/probe.ts', '@remitflow/audit', '@remitflow/servers', 'commander'),
    accepted: importing(
      'libs/testing/src/probe.ts',
      '@remitflow/service',
      '@remitflow/persistence',
      'amqplib',
    ),
  },
  {
    what: 'a service never imports a service, a tool or a driver',
    rule: imports,
    refused: [
      ...importing(
        inService('inbound'),
        '@remitflow/payout',
        '@remitflow/servers',
        '@remitflow/testing',
        'amqplib',
        'pg',
      ),
      ...importing(
        inService('inbound'),
        '../../../payout/src/messages.ts',
        '../../../../libs/kernel/src/cents.ts',
      ),
      ...importing(inService('inbound'), '@remitflow/kernel/src/cents.ts', '@remitflow/nobody'),
    ],
    accepted: importing(inService('inbound'), '@remitflow/contracts', '@remitflow/service', '@nestjs/common'),
  },
  {
    what: 'tools start services, and import none',
    rule: imports,
    refused: importing('tools/cli/src/probe.ts', '@remitflow/payout', '@remitflow/testing', '@nestjs/common'),
    accepted: importing(
      'tools/cli/src/probe.ts',
      '@remitflow/servers',
      '@remitflow/nacha',
      'commander',
      'node:fs',
    ),
  },
  {
    what: 'the end-to-end tests stand outside',
    rule: imports,
    refused: importing('e2e/probe.e2e.spec.ts', '@remitflow/payout', '@remitflow/intake'),
    accepted: importing(
      'e2e/probe.e2e.spec.ts',
      '@remitflow/cli',
      '@remitflow/x12',
      '@jest/globals',
      'node:fs',
    ),
  },
  {
    what: 'the benchmark measures the services from outside',
    rule: imports,
    refused: importing('bench/src/parts/probe.ts', '@remitflow/payout', '@remitflow/testing', 'lodash'),
    accepted: importing('bench/src/parts/probe.ts', '@remitflow/x12', 'x12-parser', 'typeorm', 'node:fs'),
  },
  {
    what: 'the bootstrap runs before anything is installed',
    rule: imports,
    refused: importing('tools/bootstrap/probe.mjs', '@remitflow/kernel', 'pg', '../cli/src/index.ts'),
    accepted: importing('tools/bootstrap/probe.mjs', 'node:fs', './project.mjs'),
  },
  {
    what: 'the workshop knows the contracts, not the services',
    rule: imports,
    refused: importing('tools/generate/probe.ts', '@remitflow/payout', '@remitflow/cli', 'commander'),
    accepted: [
      ...importing('tools/generate/probe.ts', '@remitflow/contracts', '@remitflow/messaging', 'node:fs'),
      ...importing('tools/new/probe.ts', '../architecture/workspace.ts', '../../architecture.mjs'),
    ],
  },
  {
    what: 'a spec may import test helpers, never another service',
    rule: imports,
    refused: importing(
      'services/validation/src/probe.spec.ts',
      '@remitflow/payout',
      '../../payout/src/messages.ts',
      'axios',
    ),
    accepted: importing(
      'services/validation/src/probe.spec.ts',
      '@remitflow/testing',
      '@jest/globals',
      'fast-check',
      'pg',
    ),
  },
  {
    what: 'every form of import is seen',
    rule: imports,
    refused: [
      at(kernel, `export { facts } from '@remitflow/contracts';`),
      at(kernel, `export * from '@remitflow/contracts';`),
      at(kernel, `export const late = () => import('@remitflow/contracts');`),
      at(kernel, `export type Fact = import('@remitflow/contracts').FactContract;`),
      at(
        kernel,
        `import type { FactContract } from '@remitflow/contracts';`,
        `export type Fact = FactContract;`,
      ),
    ],
    accepted: [at(kernel, `export * from './cents.ts';`)],
  },
];

probe(betweenProjects);
