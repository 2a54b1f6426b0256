/** Public ground that was granted to Lucia Bianchi from the first to the tenth of April 2027, as the request's procedure tells it. */
import { LAND_USE_ID } from './declaration.ts'
import type { TownUnderTest } from './town.ts'

/** What follows the concession begins for that practice. */
export async function grantGround(town: TownUnderTest, id: string): Promise<void> {
  const occupazione = {
    tipo: 'CANTIERE',
    durata: 'TEMPORANEA',
    dal: '2027-04-01',
    al: '2027-04-10',
    viabilita: 'NESSUNA',
  }
  const protocollo = { numero: '0000001', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' }
  const poligono =
    'POLYGON((11.0979000 43.8820400, 11.0980200 43.8820400, 11.0980200 43.8820600, 11.0979000 43.8820600, 11.0979000 43.8820400))'
  const variables = {
    pratica: { id, tipo: LAND_USE_ID, protocollo },
    richiedente: { cf: 'BNCLCU90E45G999C', nome: 'Lucia', cognome: 'Bianchi', email: 'lucia.bianchi@posta.example' },
    istanza: { occupazione, area: { via: 'via Garibaldi', civico: '3', mq: 20 } },
    luogo: { zona: 'A', mq: 20, poligono },
    canone: { voci: [], totale: 0, centesimi: 0 },
    concessione: { numero: '0000001/2027', protocollo },
    prescrizioni: '',
  }
  await town.gateway.publishMessage({
    ...{ name: 'concessione.rilasciata', correlationKey: id, messageId: '', timeToLiveMs: 0 },
    variables: JSON.stringify(variables),
  })
}
