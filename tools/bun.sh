# Finds the Bun that package.json names, and fetches it by npm if there is none. Sourced from the top of a checkout.

bun_version() { sed -n 's/.*"packageManager": "bun@\(.*\)".*/\1/p' package.json; }

# The package that fits the machine: Bun's usual build needs AVX2.
bun_package() {
  case $(uname -m) in
  x86_64) if grep -qw avx2 /proc/cpuinfo; then echo bun-linux-x64; else echo bun-linux-x64-baseline; fi ;;
  aarch64) echo bun-linux-aarch64 ;;
  *) return 1 ;;
  esac
}

# Prints the program's path.
find_bun() {
  if [ "$(bun --version 2>/dev/null)" = "$(bun_version)" ]; then
    command -v bun
    return
  fi
  package=$(bun_package) || return
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/acg/bun-$(bun_version)
  program=$cache/node_modules/@oven/$package/bin/bun
  if [ ! -x "$program" ]; then
    command -v npm >/dev/null || return
    mkdir -p "$cache"
    npm install --silent --no-audit --no-fund --no-update-notifier --prefix "$cache" "@oven/$package@$(bun_version)" >&2 || return
  fi
  echo "$program"
}
