/**
 * What the desk's pages do more where scripts run: shortcuts, a draft kept while one types, previews beside the form, choosing all.
 * Everything here is a convenience; each page is complete without it.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

const SWITCH = 'iter-scorciatoie'

/** Single keys, so never while somebody types, and only until somebody switches them off (WCAG 2.1.4). */
function shortcuts(): void {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !areOn()) return
    if (target instanceof HTMLElement && isTypedInto(target)) return
    if (key === 'j' || key === 'k' ? step(key === 'j' ? 1 : -1) : key === 'x' ? choose() : press(key))
      event.preventDefault()
  })
}

const areOn = (): boolean => window.localStorage.getItem(SWITCH) !== 'no'

const isTypedInto = (element: HTMLElement): boolean =>
  element.isContentEditable ||
  element.matches('textarea, select, input:not([type=checkbox]):not([type=radio])') ||
  element.closest('dialog[open]') !== null

/** What bears the key is pressed, or, where it is no link and no button, gets the focus. */
function press(key: string): boolean {
  const found = [...document.querySelectorAll<HTMLElement>('[data-key]')].find(
    (one) => one.dataset.key === key && isShown(one),
  )
  if (found === undefined) return false
  if (found.matches('a[href], button')) found.click()
  else found.focus()
  return true
}

const isShown = (element: HTMLElement): boolean => element.getClientRects().length > 0

/** From one row's link to the next; from anywhere else to the first. */
function step(by: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLElement>('[data-row-link]')].filter(isShown)
  if (links.length === 0) return false
  const row = document.activeElement?.closest('[data-row]')
  const at = links.findIndex((link) => row?.contains(link))
  const next = at === -1 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)
  links[next]?.focus()
  return true
}

function choose(): boolean {
  const box = document.activeElement?.closest('[data-row]')?.querySelector<HTMLInputElement>('[data-row-check]')
  if (!box) return false
  box.checked = !box.checked
  return true
}

function helpDialog(): void {
  const dialog = document.querySelector<HTMLDialogElement>('#scorciatoie')
  const button = document.querySelector<HTMLButtonElement>('#scorciatoie-attive')
  if (!dialog || !button) return
  for (const link of document.querySelectorAll<HTMLElement>('[data-opens=scorciatoie]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault()
      dialog.showModal()
    })
  }
  const show = (): void => button.setAttribute('aria-pressed', String(areOn()))
  button.addEventListener('click', () => {
    window.localStorage.setItem(SWITCH, areOn() ? 'no' : 'si')
    show()
  })
  for (const hidden of dialog.querySelectorAll<HTMLElement>('[data-shows=switch]')) hidden.hidden = false
  show()
}

const PAUSE_MS = 800
const AGAIN_MS = 10_000

/** Kept a moment after the last key, and when the page is left. What could not be kept is tried again. */
function drafts(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-draft]')
  const news = form?.querySelector<HTMLElement>('[data-draft-news]')
  if (!form || !news) return
  let waiting: number | undefined
  let isDirty = false
  const send = async (isLast: boolean): Promise<void> => {
    window.clearTimeout(waiting)
    if (!isDirty) return
    isDirty = false
    const told = await keep(form, isLast)
    if (told === 'failed') {
      isDirty = true
      waiting = window.setTimeout(() => void send(false), AGAIN_MS)
    }
    tell(news, form, told)
  }
  const typed = (): void => {
    isDirty = true
    window.clearTimeout(waiting)
    waiting = window.setTimeout(() => void send(false), PAUSE_MS)
  }
  form.addEventListener('input', typed)
  form.addEventListener('change', typed)
  form.addEventListener('submit', () => {
    isDirty = false
    window.clearTimeout(waiting)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void send(true)
  })
}

type Kept = 'saved' | 'failed' | 'ended'

/** A session that is over leads to the sign-in: by then the server has kept what was typed. */
async function keep(form: HTMLFormElement, isLast: boolean): Promise<Kept> {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value)
  try {
    const response = await fetch(form.dataset.draft ?? '', {
      method: 'POST',
      body: fields,
      keepalive: isLast,
      redirect: 'manual',
    })
    if (response.type === 'opaqueredirect') return 'ended'
    return response.ok ? 'saved' : 'failed'
  } catch {
    return 'failed'
  }
}

/** Said once, not at every pause: a reader would hear nothing else. */
function tell(news: HTMLElement, { dataset }: HTMLFormElement, kept: Kept): void {
  const texts: Readonly<Record<Kept, string | undefined>> = {
    saved: dataset.draftSaved,
    failed: dataset.draftFailed,
    ended: dataset.draftEnded,
  }
  const text = texts[kept] ?? ''
  if (news.textContent !== text) news.textContent = text
}

/** A document is fetched when somebody wants to see it. */
function previews(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details[data-preview]')) {
    details.hidden = false
    details.addEventListener('toggle', () => {
      if (!details.open || details.querySelector('iframe')) return
      const frame = document.createElement('iframe')
      frame.src = details.dataset.preview ?? ''
      frame.title = details.dataset.previewTitle ?? ''
      details.append(frame)
    })
  }
}

/** The part of a diagram with the tokens comes into view. */
function showTokens(): void {
  const canvas = document.querySelector<HTMLElement>('#diagramma-tela')
  const token = [...(canvas?.querySelectorAll('.sign') ?? [])].at(-1)
  if (!canvas || !token) return
  const { left, top } = token.getBoundingClientRect()
  const frame = canvas.getBoundingClientRect()
  canvas.scrollTo(left - frame.left - canvas.clientWidth / 3, top - frame.top - canvas.clientHeight / 3)
}

showTokens()
shortcuts()
helpDialog()
drafts()
previews()
for (const button of document.querySelectorAll<HTMLElement>('[data-prints]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
for (const button of document.querySelectorAll<HTMLElement>('[data-chooses]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    const boxes = [...document.querySelectorAll<HTMLInputElement>(`input[name="${button.dataset.chooses}"]`)]
    const isFull = boxes.every(({ checked }) => checked)
    for (const box of boxes) box.checked = !isFull
  })
}
