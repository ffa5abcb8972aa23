// build.ts makes these; importing one gives its path inside the binary.

declare module '*/dist/native/*' {
  const path: string
  export default path
}
