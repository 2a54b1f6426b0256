/**
 * What the pages say of a procedure: `processes/<procedure>/scheda.json`, beside its diagram, in Italian with its English beside it.
 * Owns the shape of that file and reading it. Does not own name, office and person responsible (town.ts), nor how a page looks.
 */
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { checkedFile } from './json-file.ts'

const sentence = z.string().min(1)

const textSchema = z.strictObject({
  /** One sentence. */
  sintesi: sentence,
  descrizione: sentence,
  destinatari: sentence,
  occorrente: z.array(sentence),
  risultato: sentence,
  termini: sentence,
  /** What happens, and within how long from the day of filing. */
  calendario: z.array(z.strictObject({ entro: sentence, cosa: sentence })),
  /** What it means when the town says nothing in time. */
  silenzio: sentence,
  costo: sentence,
  casiParticolari: z.array(sentence),
  norme: sentence,
  /** What rests on law that is not confirmed yet: shown as such. */
  daVerificare: z.array(sentence),
  argomenti: z.array(sentence),
  /** The words for each value of the variable `esito`. */
  esiti: z.record(z.string(), sentence),
})

/** A variable, or a value within one: `anpr.data`. */
const path = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'expected the path of a variable, as anpr.data')

/** A milestone of this procedure alone; those of every procedure (sent, registered, asked, decided) are the pages' own. */
const milestoneSchema = z.strictObject({
  nome: z.strictObject({ it: sentence, en: sentence }),
  /** It is done once this has a value. */
  fatta: path,
  /** ISO day or instant on which it was done. */
  quando: path,
  /** ISO day by which it is to be done; without it nothing is said before. */
  prevista: path.optional(),
})

const statesSchema = z.strictObject({
  /** What it is while it goes on. */
  inCorso: sentence,
  /** The words for each value of the variables of `stato`. */
  stati: z.record(z.string(), sentence),
})

/** What goes on after the procedure has ended, for the same practice: whoever asked follows it on the same page. */
const sequelSchema = z
  .strictObject({
    /** The BPMN process id. */
    processo: z.string(),
    /** The message that starts it; its correlation key is the id of the practice. */
    messaggio: z.string(),
    /** Variables that tell its state: the first that has a value. */
    stato: z.array(path).min(1),
    it: statesSchema,
    en: statesSchema,
    tappe: z.array(milestoneSchema),
  })
  .refine(
    ({ it, en }) => String(Object.keys(it.stati).sort()) === String(Object.keys(en.stati).sort()),
    'expected the same states under it.stati and en.stati',
  )

const sheetSchema = z
  .strictObject({
    /** The BPMN process id. */
    processo: z.string(),
    it: textSchema,
    en: textSchema,
    tappe: z.array(milestoneSchema),
    /** Variables that hold acts (what `ca-provvedimento` gives back): who asked reads each once it is registered. */
    atti: z.array(z.string().regex(/^[\w-]+$/)).default([]),
    seguito: sequelSchema.optional(),
  })
  .refine(
    ({ it, en }) => String(Object.keys(it.esiti).sort()) === String(Object.keys(en.esiti).sort()),
    'expected the same outcomes under it.esiti and en.esiti',
  )

export type ServiceText = z.infer<typeof textSchema>
export type Milestone = z.infer<typeof milestoneSchema>
export type Sequel = z.infer<typeof sequelSchema>
export type ServiceSheet = z.infer<typeof sheetSchema>
/** By process id. */
export type ServiceSheets = ReadonlyMap<string, ServiceSheet>

/** Throws an `Error` that names the file and each wrong field. */
export function loadServiceSheets(folder: URL = new URL('./', import.meta.url)): ServiceSheets {
  const files = globSync('*/scheda.json', { cwd: fileURLToPath(folder) }).sort()
  const sheets = files.map((file) =>
    checkedFile(fileURLToPath(new URL(file, folder)), sheetSchema, 'be the sheet of a service'),
  )
  return new Map(sheets.map((sheet) => [sheet.processo, sheet]))
}
