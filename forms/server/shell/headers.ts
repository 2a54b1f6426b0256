/** What browsers are told to refuse on our pages. */
import type { RequestHandler } from 'express'

/**
 * `formTargets`: origins beside ours to which a form may lead, such as the identity provider's when signing out; `frames`: those
 * whose pages a form may show within ours.
 */
export function securityHeaders(
  isSecure: boolean,
  formTargets: readonly string[],
  frames: readonly string[] = [],
): RequestHandler {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    // The kit has some images and a face inside its style sheet.
    "img-src 'self' data:",
    "font-src 'self' data:",
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    // Documents of a practice beside its form, and what a form shows of others.
    `frame-src ${["'self'", ...frames].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  const headers: Readonly<Record<string, string>> = {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    // Not "no-referrer": a post would then come with Origin "null".
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    ...(isSecure && { 'Strict-Transport-Security': 'max-age=31536000' }),
  }
  return (_request, response, next) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    next()
  }
}
