// A command as root: by sudo, without a question, where the tests run as an ordinary user.

export function asRoot(command: readonly string[]): string[] {
  return process.getuid?.() === 0 ? [...command] : ['sudo', '-n', ...command]
}

export function privileged(...command: string[]): { exitCode: number; stdout: string } {
  const { exitCode, stdout } = Bun.spawnSync(asRoot(command), { stdio: ['ignore', 'pipe', 'inherit'] })
  return { exitCode, stdout: stdout.toString() }
}
