/** An act, from the draft to the notice, as the people of the offices see it: what is delivered is the document that was signed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { codeOf, draftedAct, openTaskOf, variableOf } from '../acts.ts'
import { openTown, type TownUnderTest, until } from '../town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-08T09:00:00Z' })
})
after(() => town.close())

const taskPage = async (instance: string, element: string): Promise<string> =>
  `/scrivania/compiti/${await openTaskOf(town, instance, element)}`
const delivered = z.object({
  documento: z.object({ id: z.string(), nome: z.string() }),
  firmatario: z.string(),
  numero: z.string(),
})

test('changed, seen again, refused, corrected, signed with the code of whoever signs, and delivered', async () => {
  const { practice, processInstanceKey: act } = await draftedAct(town)
  const [officer, head] = [await town.browser().signIn('Ugo Ferri'), await town.browser().signIn('Dina Greco')]
  const documents = async () => (await town.documents.ofPractice(practice)).map(({ nome }) => nome)

  const check = async (prescriptions: string) => {
    await officer.open(await taskPage(act, 'verifica-bozza'))
    const entries = { 'provvedimento.prescrizioni': prescriptions, 'verifica.esito': 'FIRMA' }
    await officer.press('Completa', entries)
    assert.equal(officer.status, 200, officer.text)
  }
  await check('Lasciare liberi 120 cm.')
  await check('Lasciare liberi 120 cm.')
  assert.deepEqual(await documents(), ['Concessione 1.pdf'])

  await head.open(await taskPage(act, 'firma-atto'))
  assert.match(head.text, /Prescrizioni: Lasciare liberi 120 cm\..*Impronta SHA-256|Impronta SHA-256.*Prescrizioni/s)
  await head.press('Completa', { 'firma.decisione': 'RIFIUTA' })
  assert.match(head.text, /Perché non si firma/)
  await head.press('Completa', { 'firma.decisione': 'RIFIUTA', 'firma.motivo': 'Manca la data' })

  await officer.open(await taskPage(act, 'verifica-bozza'))
  assert.match(officer.text, /Manca la data/)
  await check('Lasciare liberi 120 cm, il 15 marzo.')
  await check('Lasciare liberi 120 cm, il 15 marzo.')
  assert.deepEqual(await documents(), ['Concessione 1.pdf'])

  await head.open(await taskPage(act, 'firma-atto'))
  await head.press('Completa', { 'firma.decisione': 'FIRMA' })
  await head.open(await taskPage(act, 'scrivi-codice'))
  const otp = await codeOf(town, 'dina.dirigente')
  await head.press('Completa', { 'codice.azione': 'FIRMA', 'codice.otp': otp === '000000' ? '000001' : '000000' })
  const again = await until(
    () => codeOf(town, 'dina.dirigente'),
    (code) => code !== otp,
  )
  await head.open(await taskPage(act, 'scrivi-codice'))
  assert.match(head.text, /Il codice non è valido.*Te ne abbiamo mandato un altro/)
  await head.press('Completa', { 'codice.azione': 'FIRMA', 'codice.otp': again })

  const signed = delivered.parse(
    await until(
      () => variableOf(town, act, 'provvedimento'),
      (value) => delivered.safeParse(value).success,
    ),
  )
  assert.deepEqual([signed.firmatario, signed.documento.nome], ['dina.dirigente', 'Concessione 1.pdf'])
  const content = (await town.documents.read(signed.documento.id))!
  const { firme } = await town.verifySignatures(content)
  const found = firme.map(({ firmatario, esito, copreTutto }) => ({ firmatario, esito, copreTutto }))
  assert.deepEqual(found, [{ firmatario: 'Dina Greco', esito: 'VALIDA', copreTutto: true }])
  const sent = await until(
    async () => (await town.journal('pec')) as readonly { readonly raw: string }[],
    (mails) => mails.length > 0,
  )
  const letter = Buffer.from(sent[0]!.raw, 'base64').toString()
  assert.ok(letter.includes('filename="Concessione 1.pdf"'), letter.slice(0, 1_000))
})
