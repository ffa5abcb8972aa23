// How acg starts itself again.

/** Whether this is the built binary, rather than `bun cli/main.ts`. */
export function isCompiled(): boolean {
  return import.meta.url.includes('/$bunfs/')
}

/** The words before acg's own arguments. */
export function ownCommand(): string[] {
  return isCompiled() ? [process.execPath] : [process.execPath, Bun.main]
}
