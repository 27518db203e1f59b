import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaptionLabel } from '../../../core/input-use';
import { makeClip } from './clips';
import type { Further } from './studio';

/** A caption file as an order takes it beside its source. */
export function captionFile(
  fileName: string,
  body: string | Buffer,
  label: Partial<CaptionLabel> & { language: string },
): Further {
  const plain = { default: false, forced: false, hearingImpaired: false };
  return { fileName, body: Buffer.from(body), use: { kind: 'captions', ...plain, ...label } };
}

/** Two seconds of picture with English in SRT and French in ASS. */
export function captionedClip(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'captions-'));
  try {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const english = file('en.srt', '1\n00:00:00,500 --> 00:00:01,500\nHello <b>there</b>\n');
    const ass = file(
      'fr.ass',
      '[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Sans,20\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\an8}Bonjour\\Nle monde\n',
    );
    return makeClip('captioned.mkv', [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=2', '-i', english, '-i', ass],
      ...['-map', '0', '-map', '1', '-map', '2', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-pix_fmt', 'yuv420p', '-g', '5', '-c:s:0', 'srt', '-c:s:1', 'ass'],
      ...['-metadata:s:s:0', 'language=eng', '-metadata:s:s:1', 'language=fre'],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
