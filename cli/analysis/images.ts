// How large the tasks' container images are. The study divides MiB by 1024 and says GB.

import type { Question } from './questions.ts'
import { draft } from './row.ts'
import { allRuns, byTask } from './scope.ts'
import { type Figure, largest, type Maybe, mean, median, smallest, sum } from './statistics.ts'
import type { RunSummary } from './summary.ts'

const MIB_PER_GIB = 1024
const gib = ({ image }: RunSummary): Maybe => (image?.mib ? image.mib / MIB_PER_GIB : null)
const gigabytes = ({ image }: RunSummary): Maybe => (image?.bytes ? image.bytes / 1e9 : null)

const EACH_TASK = 'each task of the main groups once, as its first group has it'

/** Unlike a sum of calls, that of no image is not 0. */
function total(values: readonly Maybe[]): Figure {
  const all = sum(values)
  return all.n > 0 ? all : { value: null, n: 0 }
}

function perTask(runs: readonly RunSummary[], size: (run: RunSummary) => Maybe): Maybe[] {
  return [...byTask(runs).values()].map((each) => each.map(size).find((value) => value !== null) ?? null)
}

function sizes(values: readonly Maybe[], unit: string) {
  const row = (name: string, figure: Figure, word: string) =>
    draft(`image.${name}_gb.all`, unit, figure, `${word} image size in ${unit}, ${EACH_TASK}.`)
  return [
    row('min', smallest(values), 'Smallest'),
    row('max', largest(values), 'Largest'),
    row('mean', mean(values), 'Mean'),
    row('median', median(values), 'Median'),
  ]
}

export const images: Question = {
  paper(scope) {
    const values = perTask(allRuns(scope), gib)
    const last = scope.main.at(-1)
    return [
      ...sizes(values, 'GiB'),
      draft(
        'image.count.all',
        'images',
        sum(values.map((value) => (value === null ? null : 1))),
        `How many images have a size, ${EACH_TASK}.`,
      ),
      ...(last
        ? [
            draft(
              `image.total_gb.${last.key}`,
              'GiB',
              total(last.runs.map(gib)),
              `Image sizes added up over ${last.label}; layers that images share count in each.`,
            ),
          ]
        : []),
    ]
  },
  corrected(scope) {
    const values = perTask(allRuns(scope), gigabytes)
    return [
      ...sizes(values, 'GB'),
      draft(
        'image.total_gb.all',
        'GB',
        total(values),
        `Image sizes added up, ${EACH_TASK}; layers that images share count in each.`,
      ),
    ]
  },
}
