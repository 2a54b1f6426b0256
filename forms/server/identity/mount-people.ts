/** The embedded provider in the pages' program: its own addresses, and the page on which a sample person is chosen. */
import type { Express, Request } from 'express'
import type { Provider } from 'oidc-provider/lib/provider.js'
import { page } from '../page.ts'
import type { RateLimit } from '../shell/rate-limit.ts'
import { refusal, type Shell, send } from '../shell/server.ts'
import { fieldsOf, visitOfNobody } from '../shell/visits.ts'
import { PEOPLE_PATH } from './embedded-provider.ts'
import { renderPeople } from './people.ts'

/** After the bodies are read. The provider's own cookie says which sign-in is under way; without it there is nothing to choose. */
export function mountPeople(app: Express, shell: Shell, provider: Provider, limit: RateLimit): void {
  const address = `${PEOPLE_PATH}/:uid`
  app.get(address, async (request, response) => {
    const visit = visitOfNobody(request)
    const { say } = visit
    const main = renderPeople(shell.hall.town, say, request.path)
    const isUnderWay = await provider.interactionDetails(request, response).then(isSame(request), () => false)
    const answer = isUnderWay ? page(say('testPeople'), main) : refusal(say, 400, 'signIn', 'signInFailed')
    send(shell, request, response, visit, answer)
  })
  app.post(address, async (request, response) => {
    const visit = visitOfNobody(request)
    const accountId = fieldsOf(request).persona
    const isUnderWay = await provider.interactionDetails(request, response).then(isSame(request), () => false)
    if (!limit.allows(request.ip ?? '')) {
      return send(shell, request, response, visit, refusal(visit.say, 429, 'tooMany', 'tooManyText'))
    }
    if (!isUnderWay || !shell.hall.town.persone.some(({ id }) => id === accountId)) {
      return send(shell, request, response, visit, refusal(visit.say, 400, 'signIn', 'signInFailed'))
    }
    await provider.interactionFinished(request, response, { login: { accountId: String(accountId) } })
  })
}

const isSame =
  ({ params }: Request) =>
  ({ uid }: { readonly uid: string }): boolean =>
    uid === params.uid
