/**
 * The papers by which somebody acts at the counter for another: the delegation with the copy of a document of whoever gave it
 * (DPR 445/2000 art. 38 c. 3-bis), the power of attorney, the decree. A form of one question, so that files are taken by the code,
 * within the limits and after the checks of every other form. Does not own who acts (delegate.ts).
 */
import { type Attachment, attachmentsIn } from '../form/attachment.ts'
import { type Asking, lookAt, type Turn } from '../form/conversation.ts'
import { visibleFields } from '../form/page.ts'
import type { Look } from '../form/render/look.ts'
import { renderPage } from '../form/render/page.ts'
import { parseForm } from '../form/schema.ts'
import type { Html } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'

/** Name of the control. */
export const PAPERS = 'delegatoCarte'
/** The delegation and the copies that belong to it. */
const PAPERS_MAX = 5

/** `practice`: the id that it will have. */
export const askingForPapers = (hall: TownHall, { say, person }: PersonVisit, practice: string): Asking => ({
  form: parseForm({
    type: 'default',
    components: [
      {
        ...{
          type: 'filepicker',
          id: PAPERS,
          key: PAPERS,
          multiple: true,
          properties: { filesMax: String(PAPERS_MAX) },
        },
        ...{ label: say('delegatePapers'), description: say('delegatePapersHelp') },
      },
    ],
  }),
  ...{ variables: new Map(), now: hall.now(), calendar: hall.town.calendario, strictness: { requires: false } },
  ...{ attachments: hall.attachments.of(person.id), practice, inSteps: false, final: ['presenta'] },
})

export const papersIn = ({ nodes }: Turn): readonly Attachment[] =>
  [...visibleFields(nodes)].flatMap(({ value }) => attachmentsIn(value))

export const lookAtPapers = (turn: Turn, { language }: PersonVisit): Look => lookAt(turn, { language, headingLevel: 3 })

export const renderPapers = (turn: Turn, visit: PersonVisit): Html => renderPage(turn.nodes, lookAtPapers(turn, visit))
