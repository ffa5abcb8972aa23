#!/bin/sh
# daemon.sh: installs acg's daemon, which systemd starts when a run first asks for it. Run from the top of a checkout.
#
# What runs with privileges must not be a user's to change: it is a copy that root owns.
set -eu

privileged() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

[ -d /run/systemd/system ] || {
  printf 'install: there is no systemd here, which would start the daemon\n  hint: %s\n' \
    "as root, \`acg run --watch bpf\` needs none" >&2
  exit 1
}

privileged install -D -m 0755 dist/acg /usr/local/lib/acg/acg
for unit in acg-daemon.socket acg-daemon.service; do
  privileged install -D -m 0644 "cli/daemon/units/$unit" "/etc/systemd/system/$unit"
done
privileged systemctl daemon-reload
# One that still runs is of the old program. Runs that it watches stay watched.
privileged systemctl stop acg-daemon.service
privileged systemctl enable --now acg-daemon.socket
printf 'install: the daemon listens; `acg doctor` shows it\n' >&2
