/** The emergency register of one process, for tests that need no database. */
import {
  type Authorisation,
  EMERGENCY_REGISTER,
  type EmergencyEntry,
  type EmergencyRegister,
  emergencyNumber,
  type Interruption,
} from '../../connectors/emergenza/register.ts'

export function memoryEmergencyRegister(): EmergencyRegister {
  const interruptions: { interruption: Interruption; readonly authorisations: Authorisation[] }[] = []
  const entries: EmergencyEntry[] = []
  const open = () => interruptions.find(({ interruption }) => interruption.ripristino === null)
  const at = (anno: number, numero: string) =>
    entries.findIndex((entry) => entry.anno === anno && entry.numero === numero)
  const instant = (text: string) => Date.parse(text)
  const romanDay = (text: string) => Temporal.Instant.from(text).toZonedDateTimeISO('Europe/Rome').toPlainDate()
  return {
    async open({ causa, inizio }, authorisation) {
      const known = open()
      if (known) return known.interruption
      const interruption = { id: crypto.randomUUID(), causa, inizio, ripristino: null }
      interruptions.push({ interruption, authorisations: [authorisation] })
      return interruption
    },
    async extend(authorisation) {
      const known = open()
      known?.authorisations.push(authorisation)
      return known?.interruption ?? null
    },
    async enter(entry, data) {
      const known = entries.find(({ registrazione }) => registrazione.riferimento === entry.registrazione.riferimento)
      if (known) return known
      const now = open()
      const isRunning = ({ dal, fino }: Authorisation) => instant(dal) <= instant(data) && instant(data) < instant(fino)
      if (!now?.authorisations.some(isRunning)) return null
      const anno = romanDay(data).year
      const numero = emergencyNumber(entries.filter((other) => other.anno === anno).length + 1)
      const interruzione = now.interruption.id
      const prima = !entries.some((other) => other.interruzione === interruzione)
      const made = { ...entry, numero, anno, registro: EMERGENCY_REGISTER, data, interruzione, prima, definitivo: null }
      entries.push(made)
      return made
    },
    find: async (anno, numero) => entries[at(anno, numero)] ?? null,
    pending: async (interruzione, limit) =>
      entries.filter((entry) => entry.interruzione === interruzione && entry.definitivo === null).slice(0, limit),
    async settle(anno, numero, definitivo) {
      const index = at(anno, numero)
      const entry = entries[index]
      if (entry && entry.definitivo === null) entries[index] = { ...entry, definitivo }
    },
    async restore(id, ripristino) {
      const own = entries.filter(({ interruzione }) => interruzione === id)
      const found = interruptions.find(({ interruption }) => interruption.id === id)
      if (!found) throw new Error(`Expected to close interruption ${id}, but there is none.`)
      if (own.some(({ definitivo }) => definitivo === null)) return null
      if (found.interruption.ripristino === null) found.interruption = { ...found.interruption, ripristino }
      const byDay = Map.groupBy(own, ({ data }) => romanDay(data).toString())
      const giornate = [...byDay].map(([giorno, { length: registrazioni }]) => ({ giorno, registrazioni }))
      return { interruzione: found.interruption, giornate }
    },
  }
}
