import type { Browser } from 'puppeteer-core';
import { launch } from 'puppeteer-core';
import { captionFile } from './support/captioned';
import { CHROMIUM } from './support/chromium';
import { makeClip } from './support/clips';
import { MediaServer } from './support/media-server';
import { PublishedTree } from './support/published-tree';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const SECONDS = 14;
const GERMAN =
  '1\n00:00:03,500 --> 00:00:06,000\nKurzer Satz\n\n2\n00:00:09,000 --> 00:00:12,000\nLanger Satz\n';

function clip(): Buffer {
  return makeClip('clip.mp4', [
    ...['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30000/1001:duration=${SECONDS}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${SECONDS}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=880:sample_rate=48000:duration=${SECONDS}`],
    ...['-map', '0', '-map', '1', '-map', '2', '-metadata:s:a:0', 'language=eng'],
    ...['-metadata:s:a:1', 'language=deu', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
  ]);
}

/** Without Chromium there is nothing to play with: `npm run setup` says how to get it. */
const whereChromiumIs = CHROMIUM === undefined ? describe.skip : describe;

whereChromiumIs('in Chromium an adaptive output', () => {
  let studio: Studio;
  let server: MediaServer;
  let browser: Browser;

  beforeAll(async () => {
    const rungs = [{ shortSide: 180 }, { shortSide: 96 }];
    const output = { kind: 'adaptive', name: 'web', rungs, segmentSeconds: 2, audio: {}, captions: {} };
    studio = await Studio.make(clip(), presetOf([output]), [
      captionFile('clip.de.srt', GERMAN, { language: 'de' }),
      captionFile('clip.en.srt', GERMAN.replace('Langer', 'Long'), { language: 'en', hearingImpaired: true }),
    ]);
    server = await MediaServer.start(PublishedTree.of(studio));
    browser = await launch({
      executablePath: CHROMIUM ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await studio.close();
  });

  it.each([
    ['hls.js', 'playHls', 'master.m3u8'],
    ['Shaka Player as DASH', 'playShaka', 'manifest.mpd'],
    ['Shaka Player as HLS', 'playShaka', 'master.m3u8'],
  ])('plays in %s, with changes of quality and seeks', async (_title, play, manifest) => {
    const page = await browser.newPage();
    await page.goto(server.origin);
    const played = await page.evaluate(`${play}('/media/web/${manifest}')`);
    expect(played).toEqual({
      heights: [96, 180, 96],
      duration: expect.closeTo(SECONDS, 0) as number,
      sounds: ['English en', 'Deutsch de'],
      captions: ['Deutsch de', 'English (SDH) en'],
      // One reaches from a segment of captions into the next.
      cues: ['Langer Satz', 'Kurzer Satz'],
      errors: [],
      mediaError: null,
    });
    await page.close();
  });
});
