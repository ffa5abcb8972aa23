#!/bin/sh
# test.sh: installs what the tests need, builds, and runs every test: here, and in the reference machine.
#
#   ACG_MUST_RUN=vm,bpf,browser   a skip of the reference machine's tests, of those that load BPF programs, or of those
#                                 that open the report's page is a failure
set -eu

cd "$(dirname "$0")"
. ./tools/bun.sh
./tools/packages.sh --tests

bun=$(find_bun) || {
  printf 'test: Bun %s could not be had\n  hint: ./tools/packages.sh\n' "$(bun_version)" >&2
  exit 1
}
PATH=$(dirname "$bun"):$PATH
export PATH
"$bun" install --frozen-lockfile --silent
"$bun" build.ts >/dev/null
exec "$bun" test/everything.ts
