import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where the browser is; undefined on a machine without one. */
export const CHROMIUM = PLACES.find(path => existsSync(path));
