/**
 * Asks a real Zeebe 8.8.0 what it says to every file of the shared conformance data, and writes deployments.json:
 * `node test/conformance/record-deployments.ts 127.0.0.1:26600`. zeebe/ZeebeUnderTest.java is such a Zeebe.
 */
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { conformanceFile, conformanceFiles, DEPLOYS, hashOf, type Recorded, TABLE } from './deployments.ts'

interface Deploying {
  DeployResource(
    request: { readonly resources: readonly { readonly name: string; readonly content: Buffer }[] },
    answer: (error: ServiceError | null) => void,
  ): void
}

const address = process.argv[2]
if (address === undefined) throw new Error('Expected the address of a Zeebe gateway, but none given')
const proto = fileURLToPath(new URL('../../engine/gateway/gateway.proto', import.meta.url))
const packages = loadPackageDefinition(loadSync(proto, { keepCase: true }))
const { Gateway } = packages.gateway_protocol as { readonly [name: string]: unknown }
const client = new (Gateway as new (...given: unknown[]) => Deploying)(address, credentials.createInsecure())

const reasonOf = (text: string): string => text.replace(/^Command '\w+' rejected with code 'INVALID_ARGUMENT': /, '')
const answerTo = (name: string, content: Buffer): Promise<string> =>
  new Promise((resolve) =>
    client.DeployResource({ resources: [{ name, content }] }, (error) =>
      resolve(error === null ? DEPLOYS : reasonOf(error.details).trimEnd()),
    ),
  )

const table: Record<string, Recorded> = {}
for (const path of conformanceFiles()) {
  const content = conformanceFile(path)
  table[path] = { sha256: hashOf(content), zeebe: await answerTo(basename(path), content) }
}
writeFileSync(TABLE, `${JSON.stringify(table, null, 1)}\n`)
console.log(`${Object.keys(table).length} answers in ${TABLE}`)
process.exit()
