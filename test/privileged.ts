// A command as root: by sudo, without a question, where the tests run as an ordinary user.

export function privileged(...command: string[]): { exitCode: number; stdout: string } {
  const words = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command]
  const { exitCode, stdout } = Bun.spawnSync(words, { stdio: ['ignore', 'pipe', 'inherit'] })
  return { exitCode, stdout: stdout.toString() }
}
