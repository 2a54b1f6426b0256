/** The wire's description of the resources and the store's must name the same fields. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { enums, type Field, fieldsOf } from '../../engine/gateway/rest/fields.ts'
import type { SearchResource } from '../../engine/protocol/query.ts'
import { resources } from '../../engine/store/query/resources/index.ts'

const columnTypes: Readonly<Record<string, string>> = { headers: 'object', objects: 'object', id: 'key' }
const columnType = (type: string) => (type in enums ? 'text' : (columnTypes[type] ?? type))

for (const name of Object.keys(resources) as SearchResource[]) {
  describe(name, () => {
    const { id, shown, filters = {} } = resources[name]
    const fields = [...fieldsOf(name)]
    const named = (is: keyof Field) => fields.flatMap(([field, of]) => (of[is] ? [field] : [])).sort()

    test('rows show these fields', () => assert.deepEqual(Object.keys(shown).sort(), named('isShown')))
    test('every field that can be filtered by has a column', () => {
      const columns = new Set(Object.keys({ ...shown, ...filters }))
      assert.deepEqual([...new Set(named('isFilter')).difference(columns)], [])
      assert.deepEqual([...new Set(Object.keys(filters)).difference(new Set(named('isFilter')))], [])
    })
    test('every field that can be sorted by has a column', () => {
      const columns = new Set(Object.keys({ ...shown, ...filters }))
      assert.deepEqual([...new Set(named('isSort')).difference(columns)], [])
    })
    test('columns have the types of their fields', () => {
      for (const [field, { type }] of fields) {
        assert.equal((shown[field] ?? filters[field])?.type, columnType(type), field)
      }
    })
    test('the id is shown first', () => assert.equal(Object.keys(shown)[0], id))
  })
}
