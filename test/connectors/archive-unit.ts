/** A practice with documents, as it is deposited. */
import type { Unit, UnitDocument } from '../../connectors/conservazione/types.ts'

export const unitDocument = (id: string, content: string, more: Partial<UnitDocument> = {}): UnitDocument => ({
  ...{ id, tipo: 'ALLEGATO', nomeFile: `${id}.pdf`, formato: 'PDF', contenuto: new TextEncoder().encode(content) },
  ...more,
})

export const unit = (numero: string, more: Partial<Unit> = {}): Unit => ({
  chiave: { numero, anno: 2027, registro: 'PROTOCOLLO' },
  tipologia: 'Cambio di residenza',
  oggetto: 'Pratica <1> & "seguenti"',
  data: '2027-03-01',
  fascicolo: { identificativo: '2027-XI.2-1', oggetto: 'Cambio di residenza', classifica: 'XI.2' },
  conservazioneAnni: null,
  principale: unitDocument('pratica', 'contenuto', { tipo: 'PRATICA', nomeFile: 'pratica.json', formato: 'JSON' }),
  allegati: [unitDocument('a-1', 'titolo "registrato"'), unitDocument('a-2', 'ricevuta')],
  ...more,
})
