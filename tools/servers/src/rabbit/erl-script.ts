/** The variable that tells a patched `erl` where it was unpacked. */
export const erlangRootVariable = 'REMITFLOW_ERLANG_ROOT';

/** Debian's `erl` script assigns its root folder even when told another one; every such assignment is made to ask our variable. */
export function patchErlScript(script: string): string {
  return script.replace(
    /^(\s*ROOTDIR=)"?(\/[^"$\n]*)"?$/gm,
    (_line, assignment: string, root: string) => `${assignment}"\${${erlangRootVariable}:-${root}}"`,
  );
}
