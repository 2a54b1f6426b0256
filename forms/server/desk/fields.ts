/** What a small form of the desk sent. */

/** A parsed form body as fields, whatever it holds. */
export function fieldsIn(body: unknown): URLSearchParams {
  const fields = new URLSearchParams()
  if (typeof body !== 'object' || body === null) return fields
  for (const [name, value] of Object.entries(body))
    for (const text of Array.isArray(value) ? value : [value]) if (typeof text === 'string') fields.append(name, text)
  return fields
}

/** PostgreSQL's texts hold no NUL. */
export const withoutNul = (text: string): string => text.replaceAll('\0', '')
