// A bind mount into the container, and Podman's spelling of it.

export interface Mount {
  readonly host: string
  readonly inside: string
  readonly readOnly: boolean
}

/** As --mount, which unlike -v takes any path that has no comma, and fails if the host side is missing. */
export function mountArguments({ host, inside, readOnly }: Mount): string[] {
  const options = ['type=bind', `src=${host}`, `dst=${inside}`, readOnly ? 'ro=true' : 'ro=false']
  return ['--mount', options.join(',')]
}
