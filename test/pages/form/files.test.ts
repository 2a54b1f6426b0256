/** Files from the citizen's page into the practice, without script: kept between pages, forgotten with their row, read by whom they concern. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { jpeg, pdf } from '../../hostile/files.ts'
import type { Browser } from '../browser.ts'
import { DECLARATION, FORM, isSummary } from '../declaration.ts'
import { openTown, type TownUnderTest, untilShown } from '../town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
})
after(() => town.close())

const fileOf = (name: string, type: string, content: Buffer): File =>
  new File([new Uint8Array(content)], name, { type })
const lease = () => fileOf('contratto di locazione.pdf', 'application/pdf', pdf())
const photo = (name: string) => fileOf(name, 'image/jpeg', jpeg())

const storedNames = async (): Promise<readonly string[]> =>
  (await town.database('document.document').select('name').orderBy('name')).map(({ name }: { name: string }) => name)

/** Of the usual answers, those to what the page asks. */
function answer(browser: Browser, button: string): Promise<Browser> {
  const there = browser.values()
  return browser.press(button, Object.fromEntries(Object.entries(DECLARATION).filter(([name]) => there.has(name))))
}
async function goOn(browser: Browser, until: () => boolean): Promise<Browser> {
  while (!until()) {
    if (browser.markup.includes('value="aggiorna" formnovalidate>Aggiorna'))
      await answer(browser, 'Aggiorna le domande')
    await answer(browser, 'Avanti')
    assert.equal(browser.status, 200, browser.text)
  }
  return browser
}

/** Up to the step of that name, with the usual answers. */
async function walkTo(browser: Browser, step: string): Promise<Browser> {
  await browser.open(FORM)
  await browser.press('Avanti', { 'informativa-letta': true })
  return goOn(browser, () => browser.title.startsWith(`${step} –`))
}

const MEMBER = 'istanza.nucleo[0]'
const member = (row: number) => ({
  [`istanza.nucleo[${row}].cf`]: 'BNCLCU90E45G999C',
  [`istanza.nucleo[${row}].nome`]: `Lucia ${row}`,
  [`istanza.nucleo[${row}].cognome`]: 'Bianchi',
  [`istanza.nucleo[${row}].nascita`]: '1990-05-05',
  [`istanza.nucleo[${row}].parentela`]: 'CONIUGE',
})

test('from the page into the practice: files stay with the answers, go with their row, and are the practice’s when it is filed', async () => {
  const mario = await town.browser().signIn('Mario Rossi')
  await walkTo(mario, "Il titolo sull'alloggio")
  await mario.press('Aggiorna le domande', { 'istanza.titolo.tipo': 'LOCAZIONE' })
  const wrong = fileOf('contratto.exe', 'application/pdf', pdf())
  await mario.press('Avanti', { 'istanza.titolo.copia': wrong, 'istanza.titolo.estremi': 'n. 1234' })
  assert.equal(mario.status, 422)
  assert.match(mario.text, /Copia del titolo: Non allegato\. «contratto\.exe»: il nome o il tipo dichiarato/)
  assert.match(mario.markup, /href="#campo-istanza-titolo-copia"/)
  assert.deepEqual(mario.values().get('istanza.titolo.estremi'), ['n. 1234'], 'what was typed beside it stays')
  await mario.press('Carica – Copia del titolo', { 'istanza.titolo.copia': [lease(), photo('pagina 2.jpg')] })
  assert.match(mario.text, /contratto di locazione\.pdf \(PDF, 1 kB\).*pagina 2\.jpg \(JPEG, 1 kB\)/)
  await mario.press('Rimuovi pagina 2.jpg')
  assert.deepEqual(await storedNames(), ['contratto di locazione.pdf'])
  await mario.press('Avanti')
  await mario.press('Indietro')
  assert.match(mario.text, /contratto di locazione\.pdf/, 'it is there when one comes back')
  await mario.press('Avanti')

  const add = 'Aggiungi a «Persone che si trasferiscono con te»'
  await mario.press(add)
  await mario.press(add)
  await mario.press('Aggiorna le domande', { ...member(0), ...member(1) })
  await mario.press('Avanti')
  assert.match(mario.text, /Firma e documento d'identità di Lucia 0 Bianchi: Allega il file/, 'whoever is of age signs')
  await mario.press('Aggiorna le domande', {
    [`${MEMBER}.documenti`]: photo('primo.jpg'),
    'istanza.nucleo[1].documenti': photo('secondo.jpg'),
  })
  assert.deepEqual(await storedNames(), ['contratto di locazione.pdf', 'primo.jpg', 'secondo.jpg'])
  await mario.press('Rimuovi «Persone che si trasferiscono con te» 1')
  assert.deepEqual(
    await storedNames(),
    ['contratto di locazione.pdf', 'secondo.jpg'],
    'the file of a removed row goes with it',
  )
  assert.deepEqual(mario.values().get(`${MEMBER}.nome`), ['Lucia 1'])
  await goOn(mario, () => isSummary(mario))
  assert.match(mario.text, /Copia del titolo contratto di locazione\.pdf/)
  await mario.press('Conferma e invia')
  const practice = mario.path.split('/')[2]!

  const row = await town.database('practice').where({ id: practice }).first()
  const filter = [{ field: 'processInstanceKey', operator: '$eq' as const, value: String(row.process_instance_key) }]
  const { items } = await town.gateway.query.search('variables', { filter, sort: [], page: { limit: 50 } })
  const variable = (name: string) => JSON.parse(String(items.find((item) => item.name === name)?.value))
  const attached: readonly { readonly id: string; readonly nome: string }[] = variable('documenti')
  assert.deepEqual(attached.map((one) => one.nome).toSorted(), ['contratto di locazione.pdf', 'secondo.jpg'])
  const ids = attached.map((one) => one.id)
  const documents = (await town.documents.ofPractice(practice)).filter((one) => ids.includes(one.id))
  assert.equal(documents.length, 2, 'they are the practice’s')
  const [copy] = variable('istanza').titolo.copia
  const { id, nome, tipo, byte, impronta } = documents.find(({ nome }) => nome.startsWith('contratto'))!
  assert.deepEqual(copy, { id, nome, tipo, impronta })
  assert.equal(variable('istanza').nucleo[0].documenti[0].nome, 'secondo.jpg')
  assert.deepEqual(
    attached.find((one) => one.id === id),
    { id, nome, tipo, byte, impronta },
  )

  await untilShown(mario, `/pratiche/${practice}/ricevuta`, /\d+\/2027/)
  const registered = (await town.journal('protocollo')).map((entry) => JSON.stringify(entry))
  assert.ok(
    documents.every((one) => registered.some((entry) => entry.includes(one.impronta))),
    'what is attached is registered with the declaration',
  )

  const address = `/documenti/${id}`
  assert.equal((await mario.open(address)).status, 200)
  assert.equal((await (await town.browser().signIn('Ugo Ferri')).open(address)).status, 200, 'the office in charge')
  for (const other of ['Lucia Bianchi', 'Piero Marini'])
    assert.equal((await (await town.browser().signIn(other)).open(address)).status, 404, other)
  const log = await town.database('access_log').where({ practice, action: 'download' }).orderBy('id').pluck('person')
  assert.deepEqual(log, ['RSSMRA85C01G273I', 'ugo.ufficiale'])
})

test('a file that is gone meanwhile is asked for again, and nothing is sent', async () => {
  const lucia = await town.browser().signIn('Lucia Bianchi')
  await walkTo(lucia, "Il titolo sull'alloggio")
  await lucia.press('Aggiorna le domande', { 'istanza.titolo.tipo': 'LOCAZIONE' })
  await lucia.press('Avanti', { 'istanza.titolo.copia': lease() })
  await goOn(lucia, () => isSummary(lucia))
  await lucia.twin().follow("Modifica Il titolo sull'alloggio")
  const { id } = await town.database('document.document').where({ practice: null }).first()
  await town.documents.remove(id)
  await lucia.press('Conferma e invia')
  assert.equal(lucia.status, 422)
  assert.match(lucia.text, /contratto di locazione\.pdf»: il file non è più disponibile: allegalo di nuovo/)
  assert.equal((await town.database('practice').where({ owner: 'BNCLCU90E45G999C' }).count('* as n'))[0]?.n, '0')
})

test('what only the paper has is asked at the counter alone', async () => {
  const clerk = await town.browser().signIn('Sara Conti')
  await clerk.open('/scrivania/sportello/comune.anagrafe.residenza')
  assert.match(clerk.text, /Modulo firmato.*Delega e documento di chi delega/)
  await clerk.press('Carica – Modulo firmato', { 'istanza.allegati.modulo': photo('modulo.jpg') })
  assert.match(clerk.text, /modulo\.jpg \(JPEG/)
  const mario = await town.browser().signIn('Mario Rossi', FORM)
  assert.doesNotMatch(mario.text, /Modulo firmato/)
})
