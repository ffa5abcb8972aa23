// The root file system of a host-profile container: an empty tree whose programs are the host's /usr.
//
// Of /etc it takes what programs need to run and to reach the network, by name. Everything else of the host
// (shadow, keys, machine ids, service configuration) is not there.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Mount } from './mount.ts'

const FOLDERS = ['dev', 'etc', 'home', 'proc', 'root', 'run', 'sys', 'tmp', 'usr', 'var/tmp']

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

/** Makes the tree at `root`; returns the host folders that have to be mounted into it. */
export function makeSkeleton(root: string): Mount[] {
  for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true })
  const mounts: Mount[] = [{ host: '/usr', inside: '/usr', readOnly: true }]
  for (const name of USR_LINKS) {
    if (!existsSync(`/${name}`)) continue
    const target = linkTarget(`/${name}`)
    if (target) symlinkSync(target, join(root, name))
    else mounts.push({ host: `/${name}`, inside: `/${name}`, readOnly: true })
  }

  for (const name of ETC_FILES) {
    const from = join('/etc', name)
    if (!isReadableFile(from)) continue
    mkdirSync(join(root, 'etc', name, '..'), { recursive: true })
    copyFileSync(from, join(root, 'etc', name))
  }
  for (const name of ETC_FOLDERS) {
    const from = join('/etc', name)
    if (!existsSync(from)) continue
    mkdirSync(join(root, 'etc', name), { recursive: true })
    mounts.push({ host: from, inside: from, readOnly: true })
  }
  writeAccounts(join(root, 'etc'))
  writeFileSync(join(root, 'etc', 'nsswitch.conf'), NSSWITCH)
  return mounts
}

/** The accounts that can appear inside: root, the user, nobody. */
function writeAccounts(etc: string): void {
  const { uid, gid, username, homedir, shell } = userInfo()
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
