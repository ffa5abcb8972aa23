// What a run asks for where nobody says otherwise.

/** Room for some thousand execs, or twenty thousand forks. */
export const DEFAULT_RING_BYTES = 4 << 20
/** The agent (1), what it executes (2), and that again where the agent has a launcher or keeps a shell (3). */
export const DEFAULT_WAKE_DEPTH = 3
