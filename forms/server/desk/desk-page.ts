/** What all pages of the desk share: the trail back to the queue, the shortcuts and their help, the script that serves them. */
import { attributes, type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit } from '../page.ts'
import { DESK, queueAddress } from './addresses.ts'

export const DESK_SCRIPT = '/script/desk.js'
export const HELP = `${DESK}/aiuto`

interface DeskPage {
  readonly title: string
  readonly main: Html
  readonly status?: number
  /** Beside the desk's own. */
  readonly scripts?: readonly string[]
}

export const deskPage = (visit: PersonVisit, { title, main, status = 200, scripts = [] }: DeskPage): Answer => ({
  kind: 'page',
  status,
  title,
  main: html`${main}${renderHelpDialog(visit)}`,
  scripts: [...scripts, DESK_SCRIPT],
})

/** From the queue, filtered as it was, to here. */
export const trail = (
  { say }: PersonVisit,
  here: string,
  { queue = '', steps = [] }: { readonly queue?: string; readonly steps?: readonly (readonly [string, string])[] } = {},
): Html => {
  const all = [[say('desk'), queueAddress(queue)] as const, ...steps]
  return html`<nav class="breadcrumb-container" aria-label="${say('trail')}"><ol class="breadcrumb">${all.map(
    ([name, address], index) =>
      html`<li class="breadcrumb-item"><a href="${address}"${attributes({ 'data-key': index === 0 && 'u' })}>${name}</a><span class="separator" aria-hidden="true">/</span></li>`,
  )}<li class="breadcrumb-item active" aria-current="page">${here}</li></ol></nav>`
}

/** One key for one thing, wherever a page has it: what bears `data-key` is pressed or gets the focus. */
const shortcuts = ({ say }: PersonVisit): readonly (readonly [key: string, meaning: string])[] => [
  ['?', say('keyHelp')],
  ['/', say('keySearch')],
  ['j', say('keyNext')],
  ['k', say('keyPrevious')],
  ['x', say('keySelect')],
  ['p', say('keyClaim')],
  ['l', say('keyRelease')],
  ['n', say('keyNote')],
  ['d', say('keyDocuments')],
  ['u', say('keyQueue')],
]

export const renderShortcuts = (visit: PersonVisit): Html =>
  html`<p>${visit.say('keysText')}</p><table class="table table-sm"><caption class="visually-hidden">${visit.say('keys')}</caption><thead><tr><th scope="col">${visit.say('key')}</th><th scope="col">${visit.say('keyMeaning')}</th></tr></thead><tbody>${shortcuts(
    visit,
  ).map(([key, meaning]) => html`<tr><td><kbd>${key}</kbd></td><td>${meaning}</td></tr>`)}</tbody></table>`

/** Opened by the script; without it the link leads to a page with the same. */
function renderHelpDialog(visit: PersonVisit): Part {
  const { say } = visit
  return html`<p class="small mt-5"><a href="${HELP}" data-key="?" data-opens="scorciatoie">${say('keys')}</a></p><dialog id="scorciatoie" class="iter-dialog" aria-labelledby="scorciatoie-titolo"><h2 class="h4" id="scorciatoie-titolo">${say('keys')}</h2>${renderShortcuts(visit)}<p hidden data-shows="switch"><button type="button" class="btn btn-outline-primary btn-sm" id="scorciatoie-attive" aria-pressed="true">${say('keysOn')}</button></p><form method="dialog"><button type="submit" class="btn btn-primary btn-sm">${say('close')}</button></form></dialog>`
}

export const showHelp = async (_hall: unknown, visit: PersonVisit): Promise<Answer> => {
  const title = visit.say('keys')
  return deskPage(visit, {
    title,
    main: html`${trail(visit, title)}<h1>${title}</h1>${renderShortcuts(visit)}`,
  })
}

/** Something has happened: said aloud, and where it can be undone, undone from here. */
export const news = (text: Part, kind: 'success' | 'warning' = 'success'): Html =>
  html`<div class="alert alert-${kind}" role="status">${text}</div>`
