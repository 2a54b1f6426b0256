const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What is none cannot be asked for in a table of them. */
export const isUuid = (text: string): boolean => UUID.test(text)
