/** The Java that runs Zeebe's broker: 21 or newer, from JAVA_HOME, the path or where Linux distributions put it. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const OLDEST = 21
const JVM_DIRECTORY = '/usr/lib/jvm'

/** The newest `java` that is new enough, or null. */
export function findJava(): string | null {
  const installed = existsSync(JVM_DIRECTORY) ? readdirSync(JVM_DIRECTORY).map((name) => join(JVM_DIRECTORY, name)) : []
  const homes = [...(process.env.JAVA_HOME ? [process.env.JAVA_HOME] : []), ...installed]
  const found = ['java', ...homes.map((home) => join(home, 'bin', 'java'))]
    .map((java) => ({ java, major: majorOf(java) }))
    .filter(({ major }) => major >= OLDEST)
    .sort((one, other) => other.major - one.major)
  return found[0]?.java ?? null
}

function majorOf(java: string): number {
  const { stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' })
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0)
}
