// The root file system of a host-profile container: an empty tree whose programs are the host's /usr.
//
// Of /etc it takes what programs need to run and to reach the network, by name. Everything else of the host
// (shadow, keys, machine ids, service configuration) is not there.

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { type UserInfo, userInfo } from 'node:os'
import { join } from 'node:path'
import type { Mount } from './mount.ts'

const FOLDERS = ['dev', 'etc/ssl', 'home', 'proc', 'root', 'run', 'sys', 'usr']

/** A runtime may give the file system that it mounts there the mode of the folder below. */
const OPEN_FOLDERS = ['tmp', 'var/tmp']
const OPEN_MODE = 0o1777

/** On a merged-usr host these are links; where they are not, they are mounted. */
const USR_LINKS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']

const ETC_FILES = [
  'bash.bashrc',
  'bashrc',
  'debian_version',
  'gai.conf',
  'gitconfig',
  'host.conf',
  'inputrc',
  'ld.so.cache',
  'ld.so.conf',
  'locale.alias',
  'locale.conf',
  'localtime',
  'lsb-release',
  'magic',
  'mime.types',
  'networks',
  'os-release',
  'profile',
  'protocols',
  'rpc',
  'services',
  'shells',
  'ssl/openssl.cnf',
  'timezone',
]

const ETC_FOLDERS = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'fonts',
  'ld.so.conf.d',
  'perl',
  'pki',
  'profile.d',
  'python3',
  'ssl/certs',
  'terminfo',
]

const NSSWITCH = 'passwd: files\ngroup: files\nhosts: files dns\nprotocols: files\nservices: files\n'

/** The host's folders that are mounted over the tree. */
export function systemMounts(): Mount[] {
  const own = USR_LINKS.filter((name) => existsSync(`/${name}`) && linkTarget(`/${name}`) === null)
  const etc = ETC_FOLDERS.map((name) => `/etc/${name}`).filter((path) => existsSync(path))
  return ['/usr', ...own.map((name) => `/${name}`), ...etc].map((path) => ({
    host: path,
    inside: path,
    readOnly: true,
  }))
}

/** Makes the tree at `root`. */
export function makeSkeleton(root: string): void {
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true })
  for (const folder of OPEN_FOLDERS) {
    mkdirSync(join(root, folder), { recursive: true })
    chmodSync(join(root, folder), OPEN_MODE)
  }
  for (const name of USR_LINKS) {
    const target = existsSync(`/${name}`) ? linkTarget(`/${name}`) : null
    if (target) symlinkSync(target, join(root, name))
  }
  for (const { inside } of systemMounts()) mkdirSync(join(root, inside), { recursive: true })
  for (const name of ETC_FILES) {
    const from = join('/etc', name)
    if (isReadableFile(from)) copyFileSync(from, join(root, 'etc', name))
  }
  writeAccounts(join(root, 'etc'))
  writeFileSync(join(root, 'etc', 'nsswitch.conf'), NSSWITCH)
}

/** All of the host that goes into the tree: as long as this is the same, so is the tree. */
export function skeletonIngredients(): unknown {
  const files = ETC_FILES.map((name) => {
    const found = statSync(join('/etc', name), { throwIfNoEntry: false })
    return found ? [name, found.mtimeMs, found.size] : [name]
  })
  return [files, systemMounts(), account(), NSSWITCH, FOLDERS, OPEN_FOLDERS, OPEN_MODE]
}

/** The user's account. Bun (1.4.5) reads the name from USER alone, which is not always set. */
function account(): UserInfo<string> {
  const user = userInfo()
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((each) => each.split(':')[2] === `${user.uid}`)
  return { ...user, username: line?.split(':')[0] ?? user.username }
}

/** The accounts that can appear inside: root, the user, nobody. */
function writeAccounts(etc: string): void {
  const { uid, gid, username, homedir, shell } = account()
  const users = ['root:x:0:0:root:/root:/bin/bash']
  const groups = ['root:x:0:']
  if (uid !== 0) {
    users.push(`${username}:x:${uid}:${gid}::${homedir}:${shell ?? '/bin/sh'}`)
    groups.push(`${username}:x:${gid}:`)
  }
  users.push('nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin')
  groups.push('nogroup:x:65534:')
  writeFileSync(join(etc, 'passwd'), `${users.join('\n')}\n`)
  writeFileSync(join(etc, 'group'), `${groups.join('\n')}\n`)
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EINVAL') return null
    throw error
  }
}

function isReadableFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
