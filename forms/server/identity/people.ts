/** The embedded provider's page: the sample people, plainly marked as a test, one button each. */
import type { Town, Person as TownPerson } from '../../../processes/town.ts'
import type { Say } from '../catalogue.ts'
import { type Html, html } from '../html.ts'

export function renderPeople(town: Town, say: Say, action: string): Html {
  const citizens = town.persone.filter(({ ruolo }) => ruolo === 'cittadino')
  const staff = town.persone.filter(({ ruolo }) => ruolo !== 'cittadino')
  return html`<h1>${say('testPeople')}</h1><div class="alert alert-warning" role="note">${say('testWarning')}</div><form method="post" action="${action}">${list(say('citizens'), citizens, town, say)}${list(say('staff'), staff, town, say)}</form>`
}

const list = (title: string, people: readonly TownPerson[], town: Town, say: Say): Html =>
  html`<h2 class="h4">${title}</h2><ul class="list-unstyled">${people.map(
    ({ id, nome, cognome, codiceFiscale, gruppi, ruolo }) =>
      html`<li class="mb-3"><button type="submit" class="btn btn-outline-primary" name="persona" value="${id}">${say('signInAs', { name: `${nome} ${cognome}` })}</button> <span class="d-block small">${codiceFiscale ?? (officesOf(town, gruppi) || ruolo)}</span></li>`,
  )}</ul>`

const officesOf = ({ uffici }: Town, groups: readonly string[]): string =>
  groups.map((group) => uffici.find(({ gruppo }) => gruppo === group)?.nome ?? group).join(', ')
