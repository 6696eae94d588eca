import { requireNode } from './node-version.mjs';

requireNode();

// Loaded late, so that an old Node reads the text above instead of a syntax error.
import('./hand-over.mjs').then(function (steps) {
  return steps.runCli(['start'].concat(process.argv.slice(2)));
});
