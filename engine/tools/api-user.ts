/** `node engine/tools/api-user.ts NAME < password`: prints the user's line for the file that ITER_API_USERS names. */
import { text } from 'node:stream/consumers'
import { apiUserLine } from '../gateway/api-users.ts'

const name = process.argv[2] ?? ''
const password = (await text(process.stdin)).trim()
if (!/^[A-Za-z0-9_@.+-]{1,256}$/.test(name) || password === '') {
  console.error(
    "Expected a name and, on the standard input, a password. Try: printf 'secret' | npm run api-user -- worker",
  )
  process.exit(1)
}
console.log(await apiUserLine(name, password))
