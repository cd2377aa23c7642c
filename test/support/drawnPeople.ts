/** People for pictures of the app: drawn on a canvas, since the camera of tests is a green field. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { joinAs, type WebApp } from './WebApp.ts';

export interface Looks {
  name: string;
  skin: string;
  hair: string;
  style: 'bun' | 'long' | 'short' | 'bald';
  shirt: string;
  /** Upper and lower colour of the wall behind. */
  wall: readonly [string, string];
}

export const PEOPLE = {
  amara: {
    ...{ name: 'Amara Okafor', skin: '#8a5a3c', hair: '#2a1b17', style: 'bun', shirt: '#e8b04b' },
    wall: ['#d3e8de', '#a9cdbd'],
  },
  nora: {
    ...{ name: 'Nora Byrne', skin: '#fbc9a6', hair: '#b84523', style: 'long', shirt: '#2c605d' },
    wall: ['#fdeada', '#ecc3ab'],
  },
  jun: {
    ...{ name: 'Jun Watanabe', skin: '#ecb28c', hair: '#171a26', style: 'short', shirt: '#b53a3a' },
    wall: ['#e8ecff', '#b3c0e2'],
  },
  samuel: {
    ...{ name: 'Samuel Mensah', skin: '#58311f', hair: '#2a1710', style: 'bald', shirt: '#3f8a66' },
    wall: ['#fffbd0', '#e6d98f'],
  },
} as const satisfies Record<string, Looks>;

/** Opens a page in which this person comes before the camera, and joins. */
export async function enterAs(
  app: WebApp,
  looks: Looks,
  { path, ...options }: BrowserContextOptions & { path?: string } = {},
): Promise<Page> {
  const page = await app.visit('/', options);
  await page.addInitScript(beOnCamera, drawingsOf(looks));
  await page.goto(`${app.server.url}${path ?? '/'}`);
  if (path === undefined) await page.getByTestId('new-meeting').click();
  await joinAs(page, looks.name);
  await page.getByTestId('meeting').waitFor();
  return page;
}

const HAIR: Readonly<Record<Looks['style'], { behind: string; before: string }>> = {
  bun: {
    behind: '<circle cy="-215" r="62"/><ellipse cy="-60" rx="130" ry="130"/>',
    before: '<path d="M-124 -50 A124 110 0 0 1 124 -50 Q0 -150 -124 -50"/>',
  },
  long: {
    behind: '<rect x="-150" y="-185" width="300" height="370" rx="150"/>',
    before: '<path d="M-124 -40 A124 110 0 0 1 124 -40 Q110 -80 70 -115 Q20 -50 -124 -40"/>',
  },
  short: {
    behind: '<ellipse cy="-70" rx="128" ry="110"/>',
    before: '<path d="M-124 -40 A124 110 0 0 1 124 -40 Q90 -120 0 -105 Q-90 -120 -124 -40"/>',
  },
  bald: {
    behind: '',
    before: '<path d="M-110 40 Q0 70 110 40 Q100 160 0 160 Q-100 160 -110 40" opacity="0.8"/>',
  },
};

/** Wall and shirt stand still, the head is drawn a little elsewhere each time. */
const drawingsOf = ({ skin, hair, style, shirt, wall }: Looks) => ({
  wall: svg(
    `<defs><linearGradient id="w" x2="0" y2="1"><stop stop-color="${wall[0]}"/><stop offset="1" stop-color="${wall[1]}"/></linearGradient></defs>
    <rect x="-640" y="-360" width="1280" height="720" fill="url(#w)"/>`,
  ),
  head: svg(`<g transform="translate(0 -30)">
    <g fill="${hair}">${HAIR[style].behind}</g>
    <rect x="-280" y="190" width="560" height="400" rx="220" fill="${shirt}"/>
    <rect x="-52" y="90" width="104" height="140" rx="52" fill="${skin}"/>
    <path d="M-52 130 Q0 175 52 130 V160 Q0 200 -52 160 Z" opacity="0.12"/>
    <ellipse rx="120" ry="150" fill="${skin}"/>
    <g fill="${hair}">${HAIR[style].before}</g>
    <g fill="#2b1d18"><circle cx="-46" cy="-8" r="11"/><circle cx="46" cy="-8" r="11"/></g>
    <path d="M-32 62 Q0 92 32 62" fill="none" stroke="#2b1d18" stroke-width="8" stroke-linecap="round" opacity="0.7"/>
  </g>`),
});

const svg = (content: string): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-640 -360 1280 720" width="1280" height="720">${content}</svg>`)}`;

/** Runs in the page: whoever asks for the camera gets the drawing. */
function beOnCamera(drawings: { wall: string; head: string }): void {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const brush = canvas.getContext('2d');
  brush?.scale(0.5, 0.5);
  const wall = Object.assign(new Image(), { src: drawings.wall });
  const head = Object.assign(new Image(), { src: drawings.head });
  // Not with each frame of the page: windows that nobody sees have none.
  setInterval(() => {
    const seconds = performance.now() / 1000;
    brush?.drawImage(wall, 0, 0);
    brush?.drawImage(head, 8 * Math.sin(seconds), 4 * Math.sin(1.7 * seconds));
  }, 100);

  const devices = navigator.mediaDevices;
  const ask = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    const [camera] = stream.getVideoTracks();
    const [drawing] = canvas.captureStream(10).getVideoTracks();
    if (!camera || !drawing) return stream;
    const settings = camera.getSettings();
    camera.stop();
    stream.removeTrack(camera);
    drawing.getSettings = () => ({ ...settings, width: 640, height: 360 });
    stream.addTrack(drawing);
    return stream;
  };
}
