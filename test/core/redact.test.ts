import { redact, redactProgramOutput } from '../../core/redact';

describe('redact', () => {
  it.each([
    ['a signed URL', 'open https://b.s3.amazonaws.com/k?X-Amz-Signature=abc: failed', 'open <url> failed'],
    ['a loopback URL in quotes', "'http://127.0.0.1:1/x' gone", "'<url>' gone"],
    ['another scheme', 'Input file:///etc/passwd', 'Input <url>'],
    ['a parameter alone', 'bad X-Amz-Credential=ASIA/2026&x=1', 'bad X-Amz-Credential=<redacted>&x=1'],
    [
      'a form field',
      '{"X-Amz-Signature":"abc","Policy":"eyJ"}',
      '{"X-Amz-Signature":"<redacted>","Policy":"<redacted>"}',
    ],
    ['an access key', 'key ASIAABCDEFGHIJKLMNOP here', 'key <access key> here'],
  ])('removes %s', (_title, text, redacted) => expect(redact(text)).toBe(redacted));

  it('leaves other text alone', () => {
    const text = 'frame= 10 fps=25 time=00:00:01.00 [mov,mp4 @ 0x55] moov atom not found';
    expect(redact(text)).toBe(text);
  });
});

describe('redactProgramOutput', () => {
  it('keeps only the name of a file', () => {
    expect(redactProgramOutput('/tmp/order-x1/out.mp4: No space left')).toBe('out.mp4: No space left');
  });

  it('does not take a ratio for a path', () => {
    expect(redactProgramOutput('time base 1/25 and 30000/1001')).toBe('time base 1/25 and 30000/1001');
  });
});
