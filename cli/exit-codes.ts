// The exit codes of acg, once. docs/exit-codes.md explains them.

export const ExitCode = {
  OK: 0,
  /** A bug in acg (EX_SOFTWARE of sysexits.h). */
  BUG: 70,
  /** --timeout ran out, as with timeout(1). */
  TIMEOUT: 124,
  /** acg or Podman failed before or around the agent, as with podman-run(1). */
  ACG: 125,
  /** The command is there but cannot be executed. */
  CANNOT_RUN: 126,
  /** The command is not there. */
  NOT_FOUND: 127,
  /** Plus the signal's number. */
  SIGNAL_BASE: 128,
} as const
