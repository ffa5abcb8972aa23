import { describe, expect, test } from 'bun:test'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { findProject } from './project.ts'

const root = temporaryFolder()
const home = join(root, 'users', 'dev')
const repository = join(home, 'work', 'repository')
mkdirSync(join(repository, '.git'), { recursive: true })
mkdirSync(join(repository, 'src', 'deep'), { recursive: true })
mkdirSync(join(home, 'work', 'plain', 'sub'), { recursive: true })

describe('findProject()', () => {
  test('is the git work tree that holds the folder', () => {
    expect(findProject(join(repository, 'src', 'deep'), home)).toBe(repository)
    expect(findProject(repository, home)).toBe(repository)
  })

  test('knows a work tree whose .git is a file, as of `git worktree add`', () => {
    const tree = join(home, 'work', 'tree')
    mkdirSync(join(tree, 'src'), { recursive: true })
    writeFileSync(join(tree, '.git'), 'gitdir: elsewhere\n')
    expect(findProject(join(tree, 'src'), home)).toBe(tree)
  })

  test('is the folder itself without git', () => {
    expect(findProject(join(home, 'work', 'plain', 'sub'), home)).toBe(join(home, 'work', 'plain', 'sub'))
  })

  test('refuses what would open too much: a home, what holds one, the system’s own folders', () => {
    const link = join(root, 'link-to-home')
    symlinkSync(home, link)
    for (const folder of [home, link, join(root, 'users'), root, '/', '/usr', '/etc', '/tmp'])
      expect(() => findProject(folder, home)).toThrow(`cannot give the agent ${folder} as its project`)
  })

  test('refuses a home that is a work tree, from any folder below it without one of its own', () => {
    const other = join(root, 'users', 'other')
    mkdirSync(join(other, '.git'), { recursive: true })
    mkdirSync(join(other, 'notes'))
    expect(() => findProject(join(other, 'notes'), other)).toThrow(`cannot give the agent ${other}`)
  })
})
