/** Text that a column can hold and every client can read: without NUL and halves of surrogate pairs. */
export const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
