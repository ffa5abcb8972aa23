// The only door to foreign code: the rest of acg imports from here.

export * from './libc.ts'
export * from './pidfd.ts'
export * from './seccomp.ts'
export * from './unix-socket.ts'
