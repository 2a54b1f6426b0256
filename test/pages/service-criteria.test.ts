/**
 * The conformance criteria of the model for municipal services that need no browser (C.SE 1.1, 1.2, 1.4–1.6, 1.9, 1.10), for every
 * service of the town: one that does not meet them fails them all. Those that only a browser can see are in test/browser.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { loadTown } from '../../processes/town.ts'
import type { Browser } from './browser.ts'
import { ANSWERS, draftIn, fileOnline, fillIn, formOf, isSummary } from './declaration.ts'
import { type Control, formsIn, isTyped, plain } from './markup.ts'
import { openTown, type TownUnderTest, until, untilShown } from './town.ts'

/** Of whom identity and register know all they can. */
const KNOWN = 'Lucia Bianchi'
/** What the town holds of people, among what forms ask: who they are, how they are reached, where they live. */
const KNOWN_OF_PEOPLE = /^richiedente\./
const SERVICES = (await loadTown()).procedimenti

let town: TownUnderTest
before(async () => {
  const register = async () => ({ comune: 'Prato', via: 'corso Italia', civico: '20', famiglia: [] })
  town = await openTown({ at: '2027-03-01T09:00:00Z', register })
})
after(() => town.close())

interface Sent {
  readonly to: readonly string[]
  /** As it was handed over, headers and all. */
  readonly raw: string
}

/** The elements that carry our hook, as markup; elements of one kind do not lie within each other. */
const hooked = ({ markup }: Browser, name: string): readonly string[] =>
  [...markup.matchAll(new RegExp(`<(\\w+)[^>]*data-(?:it|element)="${name}"[^>]*>(.*?)</\\1>`, 'gs'))].map(
    ([, , inner]) => inner!,
  )
const dayIn = (markup = ''): string => /<time datetime="(\d{4}-\d\d-\d\d)/.exec(markup)?.[1] ?? ''
const linkOf = ({ markup }: Browser, name: string): string =>
  /href="([^"]*)"/.exec(new RegExp(`<a[^>]*data-element="${name}"[^>]*>`).exec(markup)?.[0] ?? '')?.[1] ?? ''

test('every service of the town is on its list, and has answers here', async () => {
  const browser = await town.browser().open('/')
  for (const { id, nome } of SERVICES) assert.equal(browser.linkTo(nome), `/servizi/${id}`)
  assert.deepEqual(
    Object.keys(ANSWERS),
    SERVICES.map(({ id }) => id),
  )
})

for (const [index, { id, nome }] of SERVICES.entries()) {
  const answers = ANSWERS[id] ?? {}

  test(`1.1 ${id}: from the sheet through the sign-in into that flow; a link to a step returns to it`, async () => {
    const browser = await town.browser().open(`/servizi/${id}`)
    assert.notEqual(linkOf(browser, 'personal-area-login'), '')
    await browser.signIn(KNOWN, linkOf(browser, 'service-online-access'))
    assert.equal(browser.path, formOf(id))
    assert.match(browser.markup, new RegExp(`<h1>${nome}</h1>`))
    assert.match(browser.text, /Passo 1 di \d/)
    await browser.press('Avanti', { 'informativa-letta': true })
    const third = `${formOf(id)}?bozza=${draftIn(browser)}&passo=3`
    const later = await town.browser().signIn(KNOWN, third)
    assert.equal(new URL(later.address).pathname + new URL(later.address).search, third)
  })

  test(`1.2 ${id}: one message in the personal area, one by another channel though its first attempt fails; the receipt says where`, async () => {
    await town.plan('mail', { operation: 'invia', kind: 'error-before' })
    const email = String(answers['richiedente.email'])
    const browser = await town.browser().signIn('Mario Rossi')
    const practice = await fileOnline(browser, {}, id)
    assert.ok(browser.text.includes(email), 'where it goes')
    await untilShown(browser, `/pratiche/${practice}`, /Protocollata Fatto/)
    const number = plain(hooked(browser, 'number')[0]!)
    const sent = async () => ((await town.journal('mail')) as readonly Sent[]).filter(({ raw }) => raw.includes(number))
    const filter = [
      { field: 'type', operator: '$eq' as const, value: 'email.invia' },
      { field: 'state', operator: '$eq' as const, value: 'FAILED' },
    ]
    const failed = async () => (await town.gateway.query.search('jobs', { filter, sort: [], page: { limit: 1 } })).items
    await until(failed, (jobs) => jobs.length > 0)
    assert.deepEqual(await sent(), [])
    // It is tried again after a while of the town's clock.
    await town.setClock(`2027-03-01T${10 + index}:00:00Z`)
    const mails = await until(sent, ({ length }) => length > 0)
    assert.deepEqual(
      mails.map(({ to }) => to),
      [[email]],
    )
    await browser.open('/messaggi')
    const [list = ''] = hooked(browser, 'messages')
    const links = [...list.matchAll(/<a href="([^"]*)"/g)]
      .map(([, href]) => href!)
      .filter((href) => href.includes(practice))
    assert.equal(links.length, 1)
    await browser.open(links[0]!)
    assert.ok(browser.text.includes(number))
    assert.equal((await sent()).length, 1)
  })

  test(`1.4 ${id}: all that was asked is on one page, whose only way forward is to confirm; an incomplete step comes first`, async () => {
    const browser = await town.browser().signIn('Mario Rossi')
    await fillIn(browser, {}, id)
    assert.ok(isSummary(browser))
    const summary = browser.twin()
    const said = [...summary.markup.matchAll(/<dt[^>]*>(.*?)<\/dt>|<p>([^<:]*):/gs)].map(([, term, list]) =>
      plain(term ?? list!),
    )
    assert.equal(hooked(summary, 'summary').length, 1)
    for (let step = 2; step < stepsIn(summary); step++) {
      await browser.open(`${formOf(id)}?bozza=${draftIn(browser)}&passo=${step}`)
      const asked = questionsIn(browser)
      assert.notEqual(asked.length, 0)
      assert.deepEqual(
        asked.filter((question) => !said.includes(question)),
        [],
      )
    }
    assert.deepEqual(
      [...summary.markup.matchAll(/name="azione" value="(\w+)"/g)].map(([, action]) => action),
      ['salva', 'invia'],
    )
    await summary.press('Conferma e invia')
    assert.match(summary.path, /^\/pratiche\/[\w-]+\/ricevuta$/, 'nothing more is asked')
    await browser.open(formOf(id))
    await browser.press('Avanti', { 'informativa-letta': true })
    await browser.open(`${formOf(id)}?bozza=${draftIn(browser)}&passo=riepilogo`)
    assert.ok(!isSummary(browser))
  })

  test(`1.5 ${id}: of what the town knows of a person nothing is asked again, on no step`, async () => {
    const browser = await town.browser().signIn(KNOWN)
    await fillIn(browser, {}, id)
    const draft = draftIn(browser)
    await browser.open(formOf(id))
    await browser.press('Avanti', { 'informativa-letta': true })
    const fresh = draftIn(browser)
    assert.notEqual(fresh, draft)
    for (let step = 2; step < stepsIn(browser); step++) {
      await browser.open(`${formOf(id)}?bozza=${fresh}&passo=${step}`)
      const known = controlsIn(browser).filter(({ name }) => KNOWN_OF_PEOPLE.test(name))
      assert.deepEqual(
        known.filter(({ name }) => (browser.values().get(name) ?? ['']).every((value) => value === '')),
        [],
        `step ${step}`,
      )
    }
  })

  test(`1.6 ${id}: on each step what is half filled in, one value invalid, is saved and found again after signing in anew`, async () => {
    const browser = await town.browser().signIn('Mario Rossi')
    await fillIn(browser, {}, id)
    const draft = draftIn(browser)
    const steps = stepsIn(browser)
    for (let step = 2; step < steps; step++) {
      const here = `${formOf(id)}?bozza=${draft}&passo=${step}`
      await browser.open(here)
      const texts = controlsIn(browser).map(({ name }) => name)
      const typed = Object.fromEntries(texts.slice(0, Math.ceil(texts.length / 2)).map((name) => [name, 'no@@']))
      assert.equal(hooked(browser, 'save-draft').length, 1)
      await browser.press('Salva la bozza', typed)
      assert.match(browser.markup, /role="status"[^>]*>Richiesta salvata con successo/)
      await browser.press('Esci')
      await browser.signIn('Mario Rossi', '/pratiche')
      assert.ok(browser.markup.includes(`href="${here.replace('&', '&amp;')}"`), 'to the same step')
      await browser.open(here)
      const found = Object.fromEntries(Object.keys(typed).map((name) => [name, browser.values().get(name)?.[0]]))
      assert.deepEqual(found, typed, `step ${step}`)
      await browser.press(
        'Salva la bozza',
        Object.fromEntries(Object.keys(typed).map((name) => [name, String(answers[name] ?? '')])),
      )
    }
  })

  test(`1.9, 1.10 ${id}: state and milestones follow the procedure; taken in charge, number, and a last day within the sheet’s term`, async () => {
    const browser = await town.browser().open(`/servizi/${id}`)
    const [calendar = ''] = hooked(browser, 'service-calendar-list')
    const promised = Math.max(...[...calendar.matchAll(/(\d+) giorni/g)].map(([, days]) => Number(days)))
    await browser.signIn(KNOWN)
    const practice = await fileOnline(browser, {}, id)
    await untilShown(browser, `/pratiche/${practice}`, /Stato: in lavorazione/)
    await until(
      async () => dayIn(hooked(await browser.open(browser.path), 'due-date')[0]),
      (day) => day !== '',
    )
    const [taken, due] = ['taken-in-charge', 'due-date'].map((name) => dayIn(hooked(browser, name)[0]))
    assert.equal(taken, '2027-03-01')
    const days = (Date.parse(due!) - Date.parse(taken!)) / 86_400_000
    assert.ok(days > 0 && days <= promised, `${days} days, ${promised} on the sheet`)
    assert.match(plain(hooked(browser, 'number')[0]!), /^\d+\/2027$/)
    const before = plain(hooked(browser, 'milestones')[0]!)
    assert.match(before, /Richiesta inviata Fatto.*Protocollata Fatto.*Previsto/)
    await browser.follow('Rinuncia alla pratica')
    await browser.press('Conferma la rinuncia')
    await untilShown(browser, `/pratiche/${practice}`, /Stato: rinunciata/)
    assert.match(plain(hooked(browser, 'status')[0]!), /rinunciata/)
    const after = plain(hooked(browser, 'milestones')[0]!)
    assert.match(after, /Esito: rinunciata Fatto/)
    assert.doesNotMatch(after, /Previsto/)
  })
}

/** How many steps a request has, as its pages say. */
const stepsIn = ({ text }: Browser): number => Number(/Passo \d+ di (\d+)/.exec(text)![1])

/** What a person types into on this page: not what lies hidden of other steps, nor what is chosen or attached. */
const controlsIn = ({ markup }: Browser): readonly Control[] =>
  formsIn(markup)
    .flatMap(({ controls }) => controls)
    .filter(isTyped)

/**
 * The questions of the step, by their words: fields, groups of choices, lists, and what is shown instead of being asked. Not the words on
 * a control for files, nor those of another way to answer the same question.
 */
const questionsIn = ({ markup }: Browser): readonly string[] =>
  [
    ...markup
      .replace(/<details.*?<\/details>/gs, '')
      .matchAll(
        /<(dt)[^>]*>(.*?)<\/dt>|<(legend)[^>]*>(.*?)<\/legend>|(?<!type="radio"[^>]*>)<(label)(?![^>]*-scegli")[^>]*for="campo-[^"]*"[^>]*>(.*?)<\/label>/gs,
      ),
  ].map(([, , term, , legend, , label]) =>
    plain(term ?? legend ?? label!)
      .replace(/ \*$| \(facoltativo\)$/, '')
      .trim(),
  )
