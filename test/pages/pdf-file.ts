/** A file to attach. */

/** The least that a reader of PDF opens. */
export const SMALLEST_PDF = '%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'

export const pdfFile = (name: string): File => new File([SMALLEST_PDF], name, { type: 'application/pdf' })
