/** `npm start`: joins the engine with the workers, sandboxes and pages of a town. The only file that sees both sides. */
import { readFileSync } from 'node:fs'
import { ConfigError, helpText, readConfig, sentenceFor, startEmbedded } from './engine/index.ts'

const packageJson = new URL('./package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageJson, 'utf8')) as { version: string }

try {
  const config = readConfig(process.argv.slice(2), process.env)
  if (config === null) console.log(helpText())
  else await start(config)
} catch (error) {
  const sentence = error instanceof ConfigError ? error.message : sentenceFor(error)
  console.error(sentence ?? error)
  process.exit(1)
}

async function start(config: NonNullable<ReturnType<typeof readConfig>>): Promise<void> {
  const log = (line: string) => console.error(line)
  const engine = await startEmbedded({
    dataDir: config['data-dir'],
    databaseUrl: config['database-url'],
    host: config.host,
    hostNames: config['host-names'],
    grpcPort: config['grpc-port'],
    restPort: config['rest-port'],
    managementPort: config['management-port'],
    origins: [`http://${config.host}:${config['pages-port']}`],
    apiUsers: config['api-users'],
    isClockControlled: config.clock === 'controlled',
    version,
    log,
  })
  console.log(engine.addresses, engine.database)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      engine.close().then(
        () => process.exit(0),
        (error) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
}
