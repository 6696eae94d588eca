import { describe, expect, it } from '@jest/globals';
import { patchErlScript } from './erl-script.ts';

const debian = `if [ -z "$ERL_ROOTDIR" ]
then
    ROOTDIR=/usr/lib/erlang
    if [ "$dyn_rootdir" != "$ROOTDIR" ] && [ "$dyn_rootdir" != "" ]
    then
        ROOTDIR=/usr/lib/erlang
    fi
else
    ROOTDIR=/usr/lib/erlang
fi
BINDIR="$ROOTDIR/erts-13.1.5/bin"
export ROOTDIR`;

describe('the erl script of Debian', () => {
  it('asks for our root wherever it assigned its own, even when told another', () => {
    const patched = patchErlScript(debian);
    expect(patched.match(/ROOTDIR="\$\{REMITFLOW_ERLANG_ROOT:-\/usr\/lib\/erlang\}"/g)).toHaveLength(3);
    expect(patched).toContain('BINDIR="$ROOTDIR/erts-13.1.5/bin"');
  });

  it('is not changed again by a second patch', () => {
    expect(patchErlScript(patchErlScript(debian))).toBe(patchErlScript(debian));
  });
});
