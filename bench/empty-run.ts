// The least that a program of Bun's can be that starts a container: what acg adds to a start cannot be less than this.

const { exited } = Bun.spawn(process.argv.slice(2), { stdio: ['inherit', 'inherit', 'inherit'] })
process.exit(await exited)
