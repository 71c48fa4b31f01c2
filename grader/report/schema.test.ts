import { expect, test } from 'vitest'
import { z } from 'zod'
import { Report } from '../core/report.ts'

test('the published JSON Schema is that of the report (vitest -u writes it anew)', async () => {
  const schema = `${JSON.stringify(z.toJSONSchema(Report), undefined, 2)}\n`
  await expect(schema).toMatchFileSnapshot('report.schema.json')
})
