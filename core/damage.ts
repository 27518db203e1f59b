/** What ffmpeg and ffprobe say of bytes that are not what they should be, in whatever format. */
const MESSAGES =
  /packet corrupt|corrupt (input packet|decoded frame)|CRC mismatch|invalid as first byte of an EBML number|exceeds containing master element|error while decoding|error submitting|decoding error|invalid data found|header missing|damaged|changing packet size|size mismatch|not allocated|invalid (NAL|level prefix)|concealing/i;

/** Whether a line of their messages tells that something of the source is damaged, be it ever so little. */
export function tellsOfDamage(line: string): boolean {
  return MESSAGES.test(line);
}

/** Part of a source that may be damaged or missing, from 0 to 1. */
export const MOST_DAMAGE = 0.1;
