// Whose a process is: the kernel says who made the user namespace that it lives in (bpf/owner.bpf.c), and the one that
// its pid namespace belongs to. A user's rootless containers live in namespaces of his own; nobody else can put a process
// there, or make a pid namespace that belongs to one of them.

import type { acg_owner } from '../../bpf/acg.gen.ts'

const ROOT = 0

/** Whether it is in a container of `uid`'s: root may follow anyone's, but nobody the whole machine. */
export function isContainerOf(uid: number, owner: acg_owner): boolean {
  if (owner.pid_level === 0) return false
  const isHis = owner.level > 0 && owner.uid === uid && owner.pid_user_level > 0 && owner.pid_uid === uid
  return uid === ROOT || isHis
}
