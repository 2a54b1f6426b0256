/** Starts the database of the directory given, says where it is, and waits to be killed. */
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '' })
console.log(JSON.stringify({ pid: server.pid, connectionString: server.connectionString }))
setInterval(() => {}, 1_000)
