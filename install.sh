#!/bin/sh
# install.sh [--deps]: builds acg from this checkout and puts it into ~/.local/bin.
#
#   --deps            first installs what the distribution lacks (asks sudo for the package manager alone)
#   --daemon          lets every user watch runs by BPF: a copy for root and two systemd units (asks sudo for these)
#   ACG_INSTALL_DIR   where the program goes, instead of ~/.local/bin
#
# Nothing else on the machine is changed. Bun, which builds acg, is fetched by npm into a cache of its own.
set -eu

cd "$(dirname "$0")"
. ./tools/bun.sh

say() { printf 'install: %s\n' "$1" >&2; }

die() {
  printf 'install: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
  exit 1
}

deps= daemon=
for word; do
  case $word in
  --deps) deps=1 ;;
  --daemon) daemon=1 ;;
  -h | --help)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *) die "\"$word\" is not understood" "./install.sh [--deps] [--daemon]" ;;
  esac
done

[ -z "$deps" ] || ./tools/packages.sh

command -v cc >/dev/null || die "there is no C compiler (cc), which builds acg's init" "./install.sh --deps"
command -v clang >/dev/null || die "there is no clang, which builds acg's BPF programs" "./install.sh --deps"
[ -e /usr/include/bpf/bpf_helpers.h ] || die "libbpf's headers are not installed" "./install.sh --deps"
bun=$(find_bun) || die "Bun $(bun_version) could not be had" "./install.sh --deps"

say "building with Bun $("$bun" --version)"
"$bun" install --frozen-lockfile --production --silent
"$bun" build.ts >/dev/null

folder=${ACG_INSTALL_DIR:-$HOME/.local/bin}
mkdir -p "$folder"
# A program that runs cannot be written to, but it can be replaced.
cp dist/acg "$folder/.acg.new"
mv "$folder/.acg.new" "$folder/acg"
say "$("$folder/acg" --version) is in $folder/acg"

[ -z "$daemon" ] || ./tools/daemon.sh

case :$PATH: in
*":$folder:"*) ;;
*) say "$folder is not in PATH; add it in your shell's profile to type just \`acg\`" ;;
esac
