/** The frame of every page: skip links, header, footer of the municipal design kit. Works without script. */
import type { Town } from '../../../processes/town.ts'
import type { Language, Say } from '../catalogue.ts'
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
    : html`<span>${say('signedInAs', { name: `${person.nome} ${person.cognome}` })}</span><form method="post" action="/esci">${csrfField}<button type="submit" class="iter-user">${say('signOut')}</button></form>`

function navigation({ person, say, address }: Framing): Html {
  const links: (readonly [string, string])[] = [[say('services'), '/']]
  if (person?.role === 'cittadino') links.push([say('myPractices'), '/pratiche'])
  if (person !== null && person.role !== 'cittadino') links.push([say('desk'), '/scrivania'])
  const here = address.split('?', 1)[0]
  return html`<nav class="iter-navigation" aria-label="${say('mainNavigation')}"><div class="container"><ul>${links.map(
    ([name, to]) => html`<li><a href="${to}"${to === here && new Html(' aria-current="page"')}>${name}</a></li>`,
  )}</ul></div></nav>`
}

const header = (framing: Framing): Html => {
  const { town, say, language, address, isTest } = framing
  const other = language === 'it' ? 'en' : 'it'
  return html`<header class="it-header-wrapper"><div class="iter-slim"><div class="container"><span>${isTest ? say('testEnvironment') : town.nome}</span><div class="iter-zone"><a lang="${other}" hreflang="${other}" href="${back(`/lingua/${other}`, address)}">${say('otherLanguage')}</a>${userMenu(framing)}</div></div></div><div class="it-nav-wrapper"><div class="it-header-center-wrapper"><div class="container"><div class="it-header-center-content-wrapper"><div class="it-brand-wrapper"><a href="/"><span class="it-brand-text"><span class="it-brand-title">${town.nome}</span></span></a></div></div></div></div>${navigation(framing)}</div></header>`
}

const footer = ({ town, say }: Framing): Html =>
  html`<footer class="it-footer" id="footer" tabindex="-1"><div class="it-footer-main"><div class="container"><div class="row py-4"><section class="col-md-6"><h2 class="h5">${say('contacts')}</h2><p>${town.nome}<br>${say('needHelp')} <a data-element="contacts" href="mailto:${town.email}">${say('writeTo', { email: town.email })}</a></p></section><section class="col-md-6"><h2 class="h5">${say('usefulLinks')}</h2><ul class="list-unstyled"><li><a data-element="privacy-policy-link" href="/privacy">${say('privacy')}</a></li><li><a data-element="accessibility-link" href="/accessibilita">${say('accessibility')}</a></li></ul></section></div></div></div></footer>`

export interface Framed {
  readonly title: string
  readonly main: Html
  readonly language?: Language
  readonly scripts?: readonly string[]
}

/** A library of others leaves its name to all; what is ours are modules, whose names are their own. Both run in order, after the page. */
const LIBRARIES = '/libreria/'

export function frame(framing: Framing, { title, main, language: spoken, scripts = [] }: Framed): Html {
  const { town, language } = framing
  const script = scripts.map(
    (address): Part =>
      html`<script src="${address}"${new Html(address.startsWith(LIBRARIES) ? ' defer' : ' type="module"')}></script>`,
  )
  return html`${new Html('<!doctype html>')}<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} – ${town.nome}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${KIT}/css/bootstrap-italia.min.css"><link rel="stylesheet" href="${STYLE}">${script}</head><body>${skipLinks(framing)}${header(framing)}<main id="main" tabindex="-1"${attributes({ lang: spoken !== language && spoken })}><div class="container py-4">${main}</div></main>${footer(framing)}</body></html>`
}
