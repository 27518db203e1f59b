export interface Panel {
  readonly title: string;
  /** One value for each step of the time axis. */
  readonly values: readonly number[];
  readonly colour: string;
}

const [WIDTH, PANEL_HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [900, 170, 70, 20, 34, 26];

/** Line charts below each other, over the hours of the simulated day. */
export function chartSvg(title: string, panels: readonly Panel[], stepMinutes: number): string {
  const height = 40 + panels.length * PANEL_HEIGHT;
  const body = panels.map((panel, index) => drawPanel(panel, 40 + index * PANEL_HEIGHT, stepMinutes));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="16">${escapeXml(title)}</text>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel(panel: Panel, y: number, stepMinutes: number): string {
  const { values, colour, title } = panel;
  const most = niceCeiling(Math.max(...values, 1));
  const plotWidth = WIDTH - LEFT - RIGHT;
  const plotHeight = PANEL_HEIGHT - TOP - BOTTOM;
  const x = (index: number): number => LEFT + (plotWidth * index) / Math.max(1, values.length - 1);
  const yOf = (value: number): number => y + TOP + plotHeight * (1 - value / most);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${yOf(value).toFixed(1)}`).join(' ');
  const grid = [0, 0.5, 1].map(share => {
    const at = yOf(share * most).toFixed(1);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="#ddd"/><text x="${LEFT - 6}" y="${at}" text-anchor="end" dominant-baseline="middle" fill="#555">${Number((share * most).toPrecision(3)).toLocaleString('en-US')}</text>`;
  });
  const hours = (values.length * stepMinutes) / 60;
  const ticks = Array.from({ length: Math.floor(hours / 4) + 1 }, (_, index) => {
    const at = x((index * 4 * 60) / stepMinutes).toFixed(1);
    return `<text x="${at}" y="${y + PANEL_HEIGHT - 8}" text-anchor="middle" fill="#555">${index * 4} h</text>`;
  });
  return [
    `<text x="${LEFT}" y="${y + TOP - 10}">${escapeXml(title)}</text>`,
    ...grid,
    ...ticks,
    `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
  ].join('\n');
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find(factor => factor * power >= value) ?? 10);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
