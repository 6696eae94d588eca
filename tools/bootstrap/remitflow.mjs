#!/usr/bin/env node
import { requireNode } from './node-version.mjs';

requireNode();

import('./hand-over.mjs').then(function (steps) {
  return steps.runCli(process.argv.slice(2));
});
