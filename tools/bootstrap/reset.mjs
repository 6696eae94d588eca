import { requireNode } from './node-version.mjs';

requireNode();

import('./remove-state.mjs').then(function (steps) {
  return steps.removeState();
});
