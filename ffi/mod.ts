// The only door to foreign code: the rest of acg imports from here.

export * from './connected-socket.ts'
export * from './libc.ts'
export * from './seccomp.ts'
export * from './unix-socket.ts'
export * from './waker.ts'
