import { requireNode } from './node-version.mjs';

requireNode();

import('./run-tests.mjs').then(function (steps) {
  return steps.runTests(process.argv.slice(2));
});
