/** What a new connector and its first job type are called, checked before anything is written. */

export interface ConnectorNames {
  /** Of the folder: `pesi-pubblici`. */
  readonly folder: string
  /** Of the platform among the others: `pesiPubblici`. */
  readonly key: string
  /** Of its port: `PesiPubblici`. */
  readonly port: string
  /** In sentences: `Pesi pubblici`. */
  readonly title: string
  /** Of its first job type: `pesi.invia`. */
  readonly job: string
  readonly area: string
  readonly action: string
  /** Of the worker's factory: `pesiInvia`. */
  readonly factory: string
}

const FOLDER = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const JOB = /^[a-z]+\.[a-z]+(?:-[a-z]+)*$/

/** Throws an `Error` in a sentence. `job` is `<name>.invia` unless given. */
export function connectorNames(folder: string, job = `${folder.replaceAll('-', '')}.invia`): ConnectorNames {
  if (!FOLDER.test(folder))
    throw new Error(
      `Expected the name of a connector in lower case with hyphens, like pesi-pubblici, but found ${JSON.stringify(folder)}.`,
    )
  if (!JOB.test(job))
    throw new Error(
      `Expected a job type of letters as area.azione, like pesi.invia, but found ${JSON.stringify(job)}. Name one with --job.`,
    )
  const words = folder.split('-')
  const port = words.map(capital).join('')
  const [area = '', action = ''] = job.split('.')
  return {
    ...{ folder, key: lower(port), port, title: capital(words.join(' ')), job, area, action },
    factory: `${area}${action.split('-').map(capital).join('')}`,
  }
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
const lower = (word: string): string => `${word.charAt(0).toLowerCase()}${word.slice(1)}`
