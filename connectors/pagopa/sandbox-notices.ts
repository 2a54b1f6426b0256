/** Notices on paper in the sandbox: a plain sheet with what a notice must say, its QR code and, for the post office, its Data Matrix. */
import PDFDocument from 'pdfkit'
import { z } from 'zod'
import { dataMatrixOf, drawCode, qrCodeOf } from '../code-symbol.ts'
import { parseJson } from '../sandbox.ts'
import { dataMatrixTextOf, qrTextOf } from './notice.ts'
import { TEMPLATES } from './notices.ts'
import { SANDBOX_ACCOUNT } from './sandbox-account.ts'
import { type Answer, problem } from './sandbox-call.ts'

const noticeSchema = z.object({
  templateId: z.string(),
  data: z.object({
    notice: z.object({
      subject: z.string().max(90),
      paymentAmount: z.int().min(1).max(99_999_999_99),
      dueDate: z.string().regex(/^\d\d\/\d\d\/\d{4}$/),
      code: z.string().regex(/^\d{18}$/),
    }),
    creditorInstitution: z.object({ taxCode: z.string().regex(/^\d{11}$/) }),
    debtor: z.object({
      taxCode: z.string().max(16).default(''),
      fullName: z.string().max(70),
      address: z.string().max(140),
      ...{ buildingNumber: z.string(), postalCode: z.string(), city: z.string(), province: z.string() },
    }),
  }),
})
type Asked = z.infer<typeof noticeSchema>['data']

/** The body's postal account, as it has told pagoPA. */
const POSTAL_ACCOUNT = '14431501'

export const printNotice: Answer = async (_pagopa, { body }) => {
  const asked = noticeSchema.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Bad request', z.prettifyError(asked.error))
  const { templateId, data } = asked.data
  const [, postal] = TEMPLATES
  if (!TEMPLATES.some((one) => one === templateId)) return problem(400, 'Bad request', 'No such template')
  if (data.creditorInstitution.taxCode !== SANDBOX_ACCOUNT.ente.codiceFiscale)
    return problem(400, 'Bad request', 'The key is of another organization')
  return { status: 201, type: 'application/pdf', body: '', file: await drawn(data, templateId === postal) }
}

const MM = 72 / 25.4
const MARGIN = 20 * MM
const CODE_SIDE = 25 * MM
const euro = new Intl.NumberFormat('it-IT', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

async function drawn(asked: Asked, isPostal: boolean): Promise<Buffer> {
  const { notice, debtor } = asked
  const { nome } = SANDBOX_ACCOUNT.ente
  const sheet = new PDFDocument({ size: 'A4', margin: MARGIN, lang: 'it-IT', info: { Title: `Avviso ${notice.code}` } })
  const whole = Array.fromAsync(sheet as AsyncIterable<Buffer>)
  const address = `${debtor.address} ${debtor.buildingNumber}, ${debtor.postalCode} ${debtor.city} (${debtor.province})`
  sheet.fontSize(18).text('AVVISO DI PAGAMENTO').fontSize(12).text(notice.subject).moveDown()
  sheet.text(`Ente creditore: ${nome}, cod. fiscale ${asked.creditorInstitution.taxCode}`)
  sheet.text(`Destinatario: ${debtor.fullName}, cod. fiscale ${debtor.taxCode}`).text(address).moveDown()
  sheet.text(`Importo: ${euro.format(notice.paymentAmount / 100)} euro, entro il ${notice.dueDate}`)
  sheet.text(`Codice avviso: ${notice.code.replace(/(.{4})(?=.)/g, '$1 ')}`).moveDown()
  const printed = {
    ...{ numeroAvviso: notice.code, importo: notice.paymentAmount },
    codiceFiscaleEnte: asked.creditorInstitution.taxCode,
  }
  const place = { x: MARGIN, y: sheet.y, width: CODE_SIDE }
  drawCode(sheet, await qrCodeOf(qrTextOf(printed)), place)
  if (isPostal) {
    const debitore = { codiceFiscale: debtor.taxCode, nome: debtor.fullName }
    const text = dataMatrixTextOf({ ...printed, contoPostale: POSTAL_ACCOUNT, debitore, oggetto: notice.subject })
    drawCode(sheet, await dataMatrixOf(text), { ...place, y: sheet.y + CODE_SIDE + MARGIN })
  }
  sheet.end()
  return Buffer.concat(await whole)
}
