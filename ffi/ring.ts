// The door for who reads a ring, which takes neither libbpf nor privilege.

export * from './memory.ts'
export * from './ring-buffer.ts'
export * from './scheduling.ts'
