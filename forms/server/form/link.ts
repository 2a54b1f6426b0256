/** Where a text of a form may lead: no scripts, no data, no other host under the guise of a path. */
export const isSafeLink = (address: string): boolean =>
  /^(?:https?:\/\/|mailto:|tel:|\/(?![/\\])|#)[^\s<>"'`\\]*$/i.test(address)
