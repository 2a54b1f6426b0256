/** The frame of every page: skip links, header, footer of the municipal design kit. Works without script. */
import type { Town } from '../../../processes/town.ts'
import type { Language, Say } from '../catalogue.ts'
import { placesFor } from '../desk/places.ts'
import { attributes, Html, html, type Part } from '../html.ts'
import type { Person } from '../identity/person.ts'
import { KIT, STYLE } from './assets.ts'

export interface Framing {
  readonly town: Town
  readonly person: Person | null
  readonly csrfField: Html
  readonly language: Language
  readonly say: Say
  readonly isTest: boolean
  /** Of the page that is framed, for coming back after a change of language or signing in. */
  readonly address: string
}

export const icon = (name: string): Html =>
  html`<svg class="icon icon-sm" aria-hidden="true"><use href="${KIT}/svg/sprites.svg#${name}"></use></svg>`

const back = (path: string, address: string): string => `${path}?${new URLSearchParams({ poi: address })}`

const skipLinks = ({ say }: Framing): Html =>
  html`<div class="skiplinks"><a class="visually-hidden-focusable" href="#main">${say('skipToContent')}</a><a class="visually-hidden-focusable" href="#footer">${say('skipToFooter')}</a></div>`

const userMenu = ({ person, say, csrfField, address }: Framing): Html =>
  person === null
    ? html`<a class="iter-user" data-element="personal-area-login" href="${back('/accedi', address)}">${say('signIn')}</a>`
    : html`<span><span class="iter-wide">${say('signedInAs')}</span> ${person.nome} ${person.cognome}</span><form method="post" action="/esci">${csrfField}<button type="submit" class="iter-user">${say('signOut')}</button></form>`

function navigation({ town, person, say, address }: Framing): Html {
  const links: (readonly [string, string])[] = [[say('services'), '/']]
  if (person?.role === 'cittadino') links.push([say('area'), '/area'], [say('myPractices'), '/pratiche'])
  if (person !== null && person.role !== 'cittadino')
    links.push(...placesFor(town, person).map(([key, to]) => [say(key), to] as const))
  const here = address.split('?', 1)[0] ?? ''
  const nearest = links.map(([, to]) => to).filter((to) => here.startsWith(`${to}/`))
  const above = nearest.toSorted((one, other) => other.length - one.length)[0]
  return html`<nav class="iter-navigation" aria-label="${say('mainNavigation')}"><div class="container"><ul>${links.map(
    ([name, to]) =>
      html`<li><a href="${to}"${attributes({ 'aria-current': to === here ? 'page' : to === above && 'true' })}>${name}</a></li>`,
  )}</ul></div></nav>`
}

const header = (framing: Framing): Html => {
  const { town, say, language, address, isTest } = framing
  const other = language === 'it' ? 'en' : 'it'
  return html`<header class="it-header-wrapper"><div class="iter-slim"><div class="container"><span>${isTest ? say('testEnvironment') : town.nome}</span><div class="iter-zone"><a lang="${other}" hreflang="${other}" href="${back(`/lingua/${other}`, address)}">${say('otherLanguage')}</a>${userMenu(framing)}</div></div></div><div class="it-nav-wrapper"><div class="it-header-center-wrapper"><div class="container"><div class="it-header-center-content-wrapper"><div class="it-brand-wrapper"><a href="/"><span class="it-brand-text"><span class="it-brand-title">${town.nome}</span></span></a></div></div></div></div>${navigation(framing)}</div></header>`
}

/** What is under way, from the address of the page, so that whoever asks for help need not say it. */
const serviceIn = (address: string): string => /^\/servizi\/([\w.-]+)/.exec(address)?.[1] ?? ''

/** Before the footer of every page for citizens, as the kit has it. */
function contactCard({ town, say, address, person }: Framing): Part {
  if (person !== null && person.role !== 'cittadino') return null
  const service = serviceIn(address)
  const appointment = `/appuntamento${service === '' ? '' : `?servizio=${service}`}`
  const link = (to: string, name: string, text: string, hook: string) =>
    html`<li><a href="${to}" data-element="${hook}">${icon(name)} ${text}</a></li>`
  return html`<aside class="iter-contacts" aria-labelledby="contatta"><div class="container"><h2 class="h5" id="contatta">${say('contactIntro')}</h2><ul class="list-unstyled">${link('/domande-frequenti', 'it-help-circle', say('faq'), 'faq')}${link(`mailto:${town.email}`, 'it-mail', say('askHelp'), 'contacts')}${link(`tel:${town.contatti.telefono.replaceAll(' ', '')}`, 'it-telephone', say('callUs', { number: town.contatti.telefono }), 'contacts')}${link(appointment, 'it-calendar', say('bookAppointment'), 'appointment-booking')}${link('/disservizio', 'it-warning-circle', say('reportFault'), 'report-inefficiency')}</ul></div></aside>`
}

const footer = ({ town, say }: Framing): Html =>
  html`<footer class="it-footer" id="footer" tabindex="-1"><div class="it-footer-main"><div class="container"><div class="row py-4"><section class="col-md-6"><h2 class="h5">${say('contacts')}</h2><p>${town.nome}<br>${say('needHelp')} <a data-element="contacts" href="mailto:${town.email}">${say('writeTo', { email: town.email })}</a></p></section><section class="col-md-6"><h2 class="h5">${say('usefulLinks')}</h2><ul class="list-unstyled"><li><a data-element="privacy-policy-link" href="/privacy">${say('privacy')}</a></li><li><a data-element="legal-notes" href="/note-legali">${say('legalNotes')}</a></li><li><a data-element="accessibility-link" href="${town.contatti.dichiarazioneAccessibilita}">${say('declaration')}</a></li><li><a href="/accessibilita">${say('accessibilityFeedback')}</a></li></ul></section></div></div></div></footer>`

export interface Framed {
  readonly title: string
  readonly main: Html
  readonly language?: Language
  readonly scripts?: readonly string[]
}

export function frame(framing: Framing, { title, main, language: spoken, scripts = [] }: Framed): Html {
  const { town, language } = framing
  const script = scripts.map((address): Part => html`<script src="${address}" type="module"></script>`)
  return html`${new Html('<!doctype html>')}<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} – ${town.nome}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${KIT}/css/bootstrap-italia.min.css"><link rel="stylesheet" href="${STYLE}">${script}</head><body>${skipLinks(framing)}${header(framing)}<main id="main" tabindex="-1"${attributes({ lang: spoken !== language && spoken })}><div class="container py-4">${main}</div></main>${contactCard(framing)}${footer(framing)}</body></html>`
}
