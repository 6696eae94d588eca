import { at, importing, importingType, inService, probe, type Row } from './probing.ts';

const imports = 'house/imports';

const insideAService: Row[] = [
  {
    what: 'domain meets nobody but itself and the pure libraries',
    rule: imports,
    refused: [
      ...importing(
        inService('domain'),
        '../outbound/work.ts',
        '../use-cases/judge.ts',
        '../inbound/x.handler.ts',
      ),
      ...importing(
        inService('domain'),
        '../messages.ts',
        '../config.ts',
        '../validation.module.ts',
        '../main.ts',
      ),
      ...importing(inService('domain/pricing'), '../../outbound/work.ts', '../../config.ts'),
      ...importing(
        inService('domain'),
        '@remitflow/contracts',
        '@remitflow/messaging',
        '@nestjs/common',
        'csv-parse',
        'node:fs',
      ),
    ],
    accepted: [
      ...importing(
        inService('domain'),
        '@remitflow/kernel',
        '@remitflow/nacha',
        '@remitflow/x12',
        './rule.ts',
      ),
      ...importing(inService('domain/pricing'), '../rule.ts'),
    ],
  },
  {
    what: 'use-cases see domain, contracts and the types of messaging',
    rule: imports,
    refused: [
      ...importing(
        inService('use-cases'),
        '../outbound/work.ts',
        '../inbound/x.handler.ts',
        '../config.ts',
        '../main.ts',
      ),
      ...importing(
        inService('use-cases'),
        '@remitflow/persistence',
        '@remitflow/service',
        '@remitflow/messaging',
      ),
      ...importing(inService('use-cases'), '@nestjs/common', 'class-validator', 'node:fs'),
      ...importingType(inService('use-cases'), '../outbound/work.ts', '@remitflow/persistence'),
    ],
    accepted: [
      ...importing(
        inService('use-cases'),
        '../domain/rule.ts',
        './judge.ts',
        '../messages.ts',
        '@remitflow/contracts',
      ),
      ...importingType(inService('use-cases'), '@remitflow/messaging', 'node:stream'),
      at(
        inService('use-cases'),
        `import { type Outbox } from '@remitflow/messaging';`,
        'export type Y = Outbox;',
      ),
    ],
  },
  {
    what: 'outbound sees domain and the platform, never who calls it',
    rule: imports,
    refused: [
      ...importing(
        inService('outbound'),
        '../use-cases/judge.ts',
        '../inbound/x.handler.ts',
        '../config.ts',
        '../main.ts',
      ),
      ...importing(
        inService('outbound'),
        '@remitflow/contracts',
        '@remitflow/service',
        '@nestjs/common',
        'class-validator',
      ),
    ],
    accepted: [
      ...importing(
        inService('outbound'),
        '../domain/rule.ts',
        '../messages.ts',
        './payee.store.ts',
        'node:fs',
        'csv-parse',
      ),
      ...importing(inService('outbound'), '@remitflow/persistence', '@remitflow/messaging', '@remitflow/x12'),
      ...importingType(inService('outbound'), '@remitflow/contracts'),
    ],
  },
  {
    what: 'inbound sees all of its service, and no driver',
    rule: imports,
    refused: importing(
      inService('inbound'),
      '../main.ts',
      '../validation.module.ts',
      '@remitflow/nacha',
      'csv-parse',
      'typeorm',
    ),
    accepted: importing(
      inService('inbound'),
      '../use-cases/judge.ts',
      '../outbound/work.ts',
      '../config.ts',
      'class-validator',
    ),
  },
  {
    what: 'messages name facts and nothing else',
    rule: imports,
    refused: importing(
      'services/validation/src/messages.ts',
      './domain/rule.ts',
      '@remitflow/service',
      '@nestjs/common',
    ),
    accepted: importing(
      'services/validation/src/messages.ts',
      '@remitflow/contracts',
      '@remitflow/messaging',
    ),
  },
  {
    what: 'the config knows how to check a knob',
    rule: imports,
    refused: importing(
      'services/validation/src/config.ts',
      './outbound/work.ts',
      '@remitflow/messaging',
      '@nestjs/common',
      'node:fs',
    ),
    accepted: importing('services/validation/src/config.ts', '@remitflow/service', 'class-validator'),
  },
  {
    what: 'the module wires',
    rule: imports,
    refused: importing(
      'services/validation/src/validation.module.ts',
      './main.ts',
      'pg',
      'node:fs',
      '@remitflow/x12',
    ),
    accepted: importing(
      'services/validation/src/validation.module.ts',
      './inbound/x.handler.ts',
      './config.ts',
      'node:path',
    ),
  },
  {
    what: 'main starts',
    rule: imports,
    refused: importing(
      'services/validation/src/main.ts',
      './config.ts',
      './domain/rule.ts',
      '@nestjs/core',
      'node:fs',
    ),
    accepted: importing('services/validation/src/main.ts', './validation.module.ts', '@remitflow/service'),
  },
];

probe(insideAService);
