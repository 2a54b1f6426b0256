/**
 * Loaded with every page that asks questions: little more than a promise. The evaluator comes when somebody begins to answer;
 * if it does not come, the buttons that ask the server are there again.
 */
/// <reference lib="dom" />

const questions = document.getElementById('domande')
const form = questions?.closest('form')
const BEGINNINGS = ['focusin', 'pointerover', 'input', 'change']

if (questions && form) {
  offerMaps(questions)
  showButtons(false)
  const begin = (): void => {
    for (const event of BEGINNINGS) form.removeEventListener(event, begin)
    import('./live.ts')
      .then(({ keepInStep }) => keepInStep(form, questions))
      .catch((error) => {
        showButtons(true)
        throw error
      })
  }
  for (const event of BEGINNINGS) form.addEventListener(event, begin)
  // Somebody may have begun before this script was here.
  if (form.contains(document.activeElement)) begin()
}

/** Those that come later, with an answer, too. */
function offerMaps(inside: HTMLElement): void {
  const offer = (): void => {
    for (const place of inside.querySelectorAll<HTMLElement>('[data-map]:not([data-own])')) {
      place.dataset.own = ''
      void import('./map/map.ts').then(({ offerMap }) => offerMap(place))
    }
  }
  offer()
  new MutationObserver(offer).observe(inside, { childList: true, subtree: true })
}

function showButtons(isShown: boolean): void {
  for (const button of document.querySelectorAll<HTMLElement>('.iter-refresh')) button.hidden = !isShown
}
