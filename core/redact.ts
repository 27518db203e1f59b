const URL_PATTERN = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>\\]+/gi;
/** What is left of a signed URL or form when a program printed only a part of it. */
const SIGNED_PARAMETER_PATTERN =
  /\b(X-Amz-[A-Za-z-]+|AWSAccessKeyId|Signature|Policy|Expires)(["']?\s*[=:]\s*["']?)[^&\s"'<>,}]+/gi;
const ACCESS_KEY_PATTERN = /\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g;
const PATH_PATTERN = /(?<![\w<])\/(?:[\w.@~+-]+\/)+([\w.@~+-]+)/g;

/**
 * Text that may be logged or reported: without URLs (which may be signed), signature parameters and access keys.
 */
export function redact(text: string): string {
  return text
    .replace(URL_PATTERN, '<url>')
    .replace(SIGNED_PARAMETER_PATTERN, '$1$2<redacted>')
    .replace(ACCESS_KEY_PATTERN, '<access key>');
}

/** As `redact`, and absolute paths shortened to the file's name: what a program says about its files. */
export function redactProgramOutput(text: string): string {
  return redact(text).replace(PATH_PATTERN, '$1');
}
