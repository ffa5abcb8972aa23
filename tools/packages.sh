#!/bin/sh
# packages.sh [--tests]: installs what acg needs of the distribution, and nothing that is there already.
#
#   --tests   what its tests need as well
set -eu

die() {
  printf 'install: %s\n  hint: %s\n' "$1" "$2" >&2
  exit 1
}

privileged() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages have to be installed, and there is no sudo" "run ./install.sh --deps as root once, then ./install.sh"
  fi
}

# missing PROGRAM PACKAGE...: notes the packages of a program that is not there.
packages=
missing() {
  PATH=$PATH:/usr/sbin:/sbin:/usr/lib/podman:/usr/libexec/podman command -v "$1" >/dev/null && return
  shift
  packages="$packages $*"
}

missing_on_debian() {
  missing cc gcc libc6-dev
  [ -e /usr/lib/"$(uname -m)"-linux-gnu/libc.a ] || packages="$packages libc6-dev"
  [ "$(bun --version 2>/dev/null)" = "$(bun_version)" ] || missing npm npm
  # The programs that watch from within the kernel, and what loads them.
  missing clang clang
  [ -e /usr/include/bpf/bpf_helpers.h ] || packages="$packages libbpf-dev"
  missing git git
  missing podman podman
  [ -e /etc/ssl/certs/ca-certificates.crt ] || packages="$packages ca-certificates"
  # What Podman only recommends, and cannot do without here.
  missing newuidmap uidmap
  missing slirp4netns slirp4netns
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    missing crun crun
    missing pasta passt
    missing netavark netavark
    [ ! -d /run/systemd/system ] || [ -e /usr/share/dbus-1/session.conf ] || packages="$packages dbus-user-session"
    [ ! -d /run/systemd/system ] || [ -e /usr/lib/systemd/user/dbus.socket ] || packages="$packages dbus-user-session"
  else
    missing runc runc
  fi
}

missing_for_tests() {
  missing npm npm
  missing curl curl
  missing python3 python3
  missing bpftool bpftool
  # The report's page is opened, and printed.
  missing chromium chromium
  missing pdftotext poppler-utils
}

missing_on_fedora() {
  missing cc gcc glibc-static
  [ -e /usr/lib64/libc.a ] || packages="$packages glibc-static"
  missing clang clang
  [ -e /usr/include/bpf/bpf_helpers.h ] || packages="$packages libbpf-devel"
  [ "$(bun --version 2>/dev/null)" = "$(bun_version)" ] || missing npm nodejs-npm
  missing git git
  missing podman podman
}

. ./tools/bun.sh

if command -v apt-get >/dev/null; then
  missing_on_debian
  [ "${1-}" != --tests ] || missing_for_tests
  if [ -n "$packages" ]; then
    printf 'install: apt-get install%s\n' "$packages" >&2
    privileged apt-get update -qq
    # shellcheck disable=SC2086
    privileged env DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends $packages >/dev/null
  fi
elif command -v dnf >/dev/null; then
  missing_on_fedora
  [ -z "$packages" ] && exit 0
  printf 'install: dnf install%s\n' "$packages" >&2
  # shellcheck disable=SC2086
  privileged dnf install -qy $packages
else
  die "packages are installed on Debian, Ubuntu and Fedora only" \
    "install gcc, a static libc, clang, libbpf with its headers, npm, git and podman by hand, then ./install.sh"
fi

# A session that is already open has no bus yet, and Podman asks systemd for limits over it.
runtime=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
if [ "$(id -u)" != 0 ] && [ -S "$runtime/systemd/private" ] && [ ! -S "$runtime/bus" ]; then
  XDG_RUNTIME_DIR=$runtime systemctl --user start dbus.socket ||
    printf 'install: no session bus; log in again before you limit a run by --memory\n' >&2
fi
