/** Many acts with one code, as a signer without script has it: what is refused is told, the others go on, nothing is signed twice. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { actToSign, codeOf, openTaskOf, variableOf } from '../acts.ts'
import type { Browser } from '../browser.ts'
import { openTown, type TownUnderTest, until, untilShown } from '../town.ts'

const SIGNING = '/scrivania/firme'
const SIGNER = 'dina.dirigente'
let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-08T09:00:00Z' })
})
after(() => town.close())

const taskOf = ({ processInstanceKey }: { readonly processInstanceKey: string }) =>
  openTaskOf(town, processInstanceKey, 'firma-atto')
const signedBy = async (): Promise<number> =>
  ((await town.journal('firma')) as readonly { kind: string; credentialID: string }[]).filter(
    ({ kind, credentialID }) => kind === 'signed' && credentialID.endsWith(SIGNER),
  ).length
const documentsOf = (practice: string) => town.documents.ofPractice(practice)

/** The batch's page, once the code was sent. */
const untilCode = (head: Browser, path: string) => untilShown(head, path, /Codice ricevuto/)

test('nothing chosen, then a choice of which one has changed and one is gone: the others are signed with the second code', async () => {
  const acts = [await actToSign(town, 1), await actToSign(town, 2), await actToSign(town, 3), await actToSign(town, 4)]
  const tasks = await Promise.all(acts.map(taskOf))
  const head = await town.browser().signIn('Dina Greco')
  await head.open('/scrivania')
  await head.follow('Firma più atti con un solo codice')
  const hashes = await Promise.all(acts.map(async ({ practice }) => (await documentsOf(practice))[0]!.impronta))
  for (const hash of hashes) assert.ok(head.text.includes(hash), `Expected ${hash} on the page`)
  await head.press('Firma gli atti scelti')
  assert.equal(head.status, 422)
  assert.match(head.text, /Non hai scelto nessun atto/)

  await town.gateway.cancelProcessInstance(acts[3]!.processInstanceKey)
  const before = head.twin()
  const choice = { atto: tasks, [`impronta-${tasks[2]}`]: 'x' }
  await head.press('Firma gli atti scelti', choice)
  assert.match(head.path, /^\/scrivania\/firme\/\d+$/)
  const batch = head.path
  await before.press('Firma gli atti scelti', choice)
  assert.equal(before.path, batch)
  assert.match(head.text, /n\. 3: nel frattempo il documento è cambiato.*n\. 4: non aspetta più la tua firma/s)
  assert.match(head.text, /Atti scelti da firmare: 2/)

  await untilCode(head, batch)
  await head.press('Firma 2 atti', { otp: 'dodici' })
  assert.equal(head.status, 422)
  assert.match(head.markup, /value="dodici"/)
  const first = await codeOf(town, SIGNER)
  await head.press('Firma 2 atti', { otp: first === '000000' ? '000001' : '000000' })
  await until(
    () => codeOf(town, SIGNER),
    (code) => code !== first,
  )
  await untilShown(head, batch, /Te ne abbiamo mandato un altro/)
  assert.equal(await signedBy(), 0)
  await head.press('Firma 2 atti', { otp: await codeOf(town, SIGNER) })
  await untilShown(head, batch, /Firmati 2 atti su 2/)
  assert.equal(await signedBy(), 2)

  for (const [index, { practice, processInstanceKey }] of acts.slice(0, 2).entries()) {
    const act = await until(
      () => variableOf(town, processInstanceKey, 'provvedimento'),
      (value) => typeof value === 'object' && value !== null && 'firmatario' in value,
    )
    const all = await documentsOf(practice)
    const signed = all.find(({ sostituisce }) => sostituisce?.senza === 'firma')!
    assert.equal(all.find(({ id }) => id === signed.sostituisce?.documento)?.impronta, hashes[index])
    assert.deepEqual((act as { documento: { id: string } }).documento.id, signed.id)
    const { firme } = await town.verifySignatures((await town.documents.read(signed.id))!)
    assert.deepEqual([firme.length, firme[0]!.firmatario, firme[0]!.esito], [1, 'Dina Greco', 'VALIDA'])
  }
  await head.open(SIGNING)
  assert.match(head.text, /n\. 3/)
  assert.doesNotMatch(head.text, /n\. [124]/)
  await town.gateway.cancelProcessInstance(acts[2]!.processInstanceKey)
})

test('an act that is withdrawn, and one that a colleague was given, before the code is written stay out; left for now, the rest waits', async () => {
  const acts = [await actToSign(town, 5), await actToSign(town, 6), await actToSign(town, 7)]
  const tasks = await Promise.all(acts.map(taskOf))
  const head = await town.browser().signIn('Dina Greco')
  const before = await signedBy()
  await head.open(SIGNING)
  await head.press('Firma gli atti scelti', { atto: tasks })
  const batch = head.path
  await untilCode(head, batch)
  const held = await town.browser().signIn('Dina Greco')
  assert.match((await held.open(SIGNING)).text, /Alcuni atti che hai scelto aspettano il codice/)
  assert.doesNotMatch(held.markup, /name="atto"/)
  const stranger = await town.browser().signIn('Ugo Ferri')
  assert.equal((await stranger.open(batch)).status, 403)
  await town.gateway.cancelProcessInstance(acts[0]!.processInstanceKey)
  await town.gateway.assignUserTask(tasks[1]!, { assignee: 'ugo.ufficiale', allowOverride: true, action: 'assign' })
  await head.press('Firma 3 atti', { otp: await codeOf(town, SIGNER) })
  await untilShown(head, batch, /Firmati 1 atti su 1/)
  assert.match(head.text, /n\. 5: non aspetta più la tua firma.*n\. 6: non aspetta più la tua firma/s)
  assert.equal(await signedBy(), before + 1)

  await town.gateway.assignUserTask(tasks[1]!, { assignee: SIGNER, allowOverride: true, action: 'assign' })
  await head.open(SIGNING)
  await head.press('Firma gli atti scelti', { atto: [tasks[1]!] })
  await untilCode(head, head.path)
  const left = head.path
  await head.press('Non firmare adesso')
  await untilShown(head, left, /Firmati 0 atti su 1/)
  assert.equal(await taskOf(acts[1]!), tasks[1])
  assert.match((await head.open(SIGNING)).text, /n\. 6/)
})
