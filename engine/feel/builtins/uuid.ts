/** A random UUID, version 4, from the evaluation's own source of chance: replayed, it is the same. */
export function uuid(random: () => number): string {
  const digit = (of: number): string => Math.floor(random() * of).toString(16)
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) =>
    place === 'x' ? digit(16) : (8 + Math.floor(random() * 4)).toString(16),
  )
}
