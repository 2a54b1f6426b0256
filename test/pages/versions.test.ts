/** A document and its sealed version are one document: to the clerk with the earlier one at hand, to the citizen the valid one alone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileOnline } from './declaration.ts'
import { openTown, type TownUnderTest, until } from './town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
})
after(() => town.close())

const count = (text: string, what: RegExp): number => [...text.matchAll(new RegExp(what, 'g'))].length

test('the receipt stands once on every page; without its seal only the clerk has it', async () => {
  const citizen = await town.browser().signIn('Mario Rossi')
  const id = await fileOnline(citizen)
  const all = await until(
    () => town.documents.ofPractice(id),
    (documents) => documents.some(({ sostituisce }) => sostituisce?.senza === 'sigillo'),
  )
  const sealed = all.find(({ sostituisce }) => sostituisce !== null)!
  const unsealed = all.find((one) => one.id === sealed.sostituisce?.documento)!
  assert.equal(unsealed.nome, sealed.nome, 'nothing but the store tells one from the other')

  const { process_instance_key: key } = (await town.database('practice').where({ id }).first())!
  const clerk = await town.browser().signIn('Ugo Ferri')
  await clerk.open(`/scrivania/pratiche/${key}`)
  assert.equal(count(clerk.markup, new RegExp(`>${sealed.nome}</a>`)), 1)
  assert.equal(clerk.linkTo(`versione senza sigillo : ${sealed.nome}`), `/scrivania/documenti/${unsealed.id}`)
  assert.equal((await clerk.open(`/scrivania/documenti/${unsealed.id}`)).status, 200)

  await until(
    async () => (await citizen.open(`/pratiche/${id}`)).markup,
    (markup) => markup.includes(sealed.id),
  )
  assert.doesNotMatch(citizen.markup, new RegExp(unsealed.id))
  assert.doesNotMatch(citizen.text, /senza sigillo/)
  assert.equal((await citizen.open(`/documenti/${unsealed.id}`)).status, 404)
  assert.equal((await citizen.open(`/documenti/${sealed.id}`)).status, 200)
})

test('in English, too', async () => {
  const { practice, replaces } = await town
    .database('document.document')
    .whereNotNull('replaces')
    .first()
    .then((row) => row!)
  const { process_instance_key: key } = (await town.database('practice').where({ id: practice }).first())!
  const clerk = await town.browser().signIn('Ugo Ferri')
  await clerk.open(`/lingua/en?poi=/scrivania/pratiche/${key}`)
  assert.match(clerk.markup, new RegExp(`href="/scrivania/documenti/${replaces}">version without seal`))
})
