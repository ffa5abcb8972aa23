// The environment inside: what programs need to behave, what the agent's profile asks for, and what the user
// adds. Nothing else of the caller's environment enters: it is full of other programs' secrets.

const PASSED = [
  'TERM',
  'COLORTERM',
  'NO_COLOR',
  'FORCE_COLOR',
  'LANG',
  'LANGUAGE',
  'TZ',
  'USER',
  'LOGNAME',
  'SHELL',
]
const PASSED_PREFIXES = ['LC_']

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** The names that pass of `from`: the usual ones, and `names`, which may end in `*`, less `except`. */
export function passedVariables(
  from: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  except: readonly string[],
): string[] {
  const exact = new Set([...PASSED, ...names.filter((name) => !name.endsWith('*'))])
  const prefixes = [
    ...PASSED_PREFIXES,
    ...names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1)),
  ]
  const passes = (name: string) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
  return Object.keys(from).filter(
    (name) => from[name] !== undefined && !except.includes(name) && passes(name),
  )
}

/** The caller's PATH, less the folders that are not inside, with the system's own at the end. */
export function insidePath(path: string, mounted: readonly string[]): string {
  const isInside = (folder: string) =>
    SYSTEM_PATH.includes(folder) ||
    folder.startsWith('/usr/') ||
    mounted.some((mount) => folder === mount || folder.startsWith(`${mount}/`))
  const kept = path.split(':').filter((folder) => folder.startsWith('/') && isInside(folder))
  return [...new Set([...kept, ...SYSTEM_PATH])].join(':')
}
