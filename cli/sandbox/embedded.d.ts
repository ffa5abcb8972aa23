// build.ts makes these; importing one gives its path inside the binary.

declare module '*/native/init' {
  const path: string
  export default path
}

declare module '*/native/embedded.js' {
  /** libbpf and what it needs, in an order in which they load. */
  export const LIBBPF: readonly string[]
  /** The compiled programs of bpf/. */
  export const PROGRAMS: string
}

declare module '*/native/listener.so' {
  const path: string
  export default path
}

declare module '*/native/waker.so' {
  const path: string
  export default path
}
