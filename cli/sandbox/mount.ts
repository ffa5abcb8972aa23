// A bind mount into the container, and Podman's spelling of it.

import { AcgError } from '../errors.ts'

export interface Mount {
  readonly host: string
  readonly inside: string
  readonly readOnly: boolean
}

/**
 * As --mount, which unlike -v takes any path that has no comma, and fails if the host side is missing. Throws
 * AcgError for a comma: what follows it would be read as an option of the mount.
 */
export function mountArguments({ host, inside, readOnly }: Mount): string[] {
  const path = [host, inside].find((each) => each.includes(','))
  if (path !== undefined) {
    throw new AcgError({
      what: `cannot mount ${path}: Podman takes no comma in the path of a mount`,
      hint: 'rename the folder, or work in another one',
    })
  }
  const options = ['type=bind', `src=${host}`, `dst=${inside}`, readOnly ? 'ro=true' : 'ro=false']
  return ['--mount', options.join(',')]
}
