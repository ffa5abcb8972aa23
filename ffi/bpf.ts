// The door to libbpf, for who loads programs. It is not mod.ts's, so that who watches without BPF loads none of it.

export * from './bpf-map.ts'
export * from './bpf-object.ts'
export { BpfError } from './libbpf.ts'
