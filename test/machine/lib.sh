# What the verbs share: which machine is meant, where it is kept, and how to say what went wrong.
#
#   ACG_MACHINE=reference   everything that acg needs is installed (the default)
#   ACG_MACHINE=bare        a new user's Debian: no podman, npm or gcc
#   ACG_MACHINE=older       as reference, with Debian's own kernel: no sched_ext
#
# $image is what was built and never changes; $image/boot is one boot, thrown away with the next.

set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
machine=${ACG_MACHINE:-reference}
home=${XDG_CACHE_HOME:-$HOME/.cache}/acg/machine
recipe=$(cat "$here"/image/* | sha256sum | cut -c1-12)
image=$home/$machine-$recipe
boot=$image/boot

say() { printf 'machine: %s\n' "$1" >&2; }

die() {
  say "$1"
  [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
  exit 125
}

case $machine in
reference | bare | older) ;;
*) die "no machine is called \"$machine\"; there are reference, bare and older" "unset ACG_MACHINE" ;;
esac

# The pid alone proves nothing, it may have been given to another process since: its command line must name this boot.
is_up() {
  pid=$(cat "$boot/qemu.pid" 2>/dev/null) && grep -qsF "$boot/qemu.pid" "/proc/$pid/cmdline"
}

# What the kernel said of its end, or else the console's last line.
last_words() {
  grep -m 2 -aE 'BUG|Oops|panic|RIP:' "$boot/serial.log" || tail -n 1 "$boot/serial.log"
}

guest() { ssh -F "$boot/ssh_config" "$@"; }

privileged() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Builds and boots happen one at a time. Children that outlive the script must not inherit descriptor 9.
lock() {
  mkdir -p "$home"
  exec 9>"$home/$machine.lock"
  flock 9
}
