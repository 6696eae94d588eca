// Old Nodes must be able to parse this file and the entry files: ES2015 only.

const oldest = [20, 19];

/** Ends the process with a clear text when this Node is too old for the project. */
export function requireNode() {
  const version = process.versions.node;
  if (isSupported(version)) return;
  process.stderr.write(
    'remitflow needs Node ' +
      oldest.join('.') +
      ' or newer; this is Node ' +
      version +
      '.\n' +
      '→ Install it from https://nodejs.org (or: nvm install 22), then run the same command again.\n',
  );
  process.exit(1);
}

/** True for 20.19 and everything after it. */
export function isSupported(version) {
  const parts = version.split('.').map(Number);
  if (parts[0] !== oldest[0]) return parts[0] > oldest[0];
  return parts[1] >= oldest[1];
}
