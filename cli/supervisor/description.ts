// run.json: what is known of a run when it begins.

import { ownProcess } from '../procfs/stat.ts'
import type { Run } from '../record/schema.ts'
import { SCHEMA_VERSION } from '../record/vocabulary.ts'
import { VERSION } from '../version.ts'
import type { RunClock } from './clock.ts'
import type { Preparation } from './preparation.ts'
import type { RunRequest } from './request.ts'

export function describeRun(
  plan: Preparation,
  request: RunRequest,
  clock: RunClock,
  watch: Run['watch'],
  podmanArguments: readonly string[],
  notes: readonly string[],
): Run {
  return {
    schema_version: SCHEMA_VERSION,
    run_id: plan.runId,
    acg_version: VERSION,
    started_epoch_ms: clock.startedEpochMs,
    agent: plan.profile.name,
    command: [...request.command],
    project: plan.sandbox.project,
    agent_config: plan.sandbox.agentConfigFolder === null ? null : 'agent',
    container: plan.container,
    podman: { rootless: plan.host.uid !== 0, arguments: withoutValues(podmanArguments) },
    supervisor: ownProcess(),
    watch,
    control: request.control,
    pool: request.pool && { memory_bytes: request.pool.memoryBytes, priority: request.pool.priority },
    sample_interval_ms: request.sampleMs,
    host_ports: [...request.hostPorts],
    notes: [...notes],
  }
}

/** Values of variables may be keys: the record keeps their names alone. */
function withoutValues(args: readonly string[]): string[] {
  return args.map((argument, at) => (args[at - 1] === '--env' ? argument.replace(/=.*/s, '=…') : argument))
}
