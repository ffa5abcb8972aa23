// How wide a line may be.

const WITHOUT_TERMINAL = 120

export function terminalColumns(): number {
  return process.stdout.columns || WITHOUT_TERMINAL
}
