// build.ts makes these; importing one gives its path inside the binary.

declare module '*/native/init' {
  const path: string
  export default path
}

declare module '*/native/session' {
  const path: string
  export default path
}
