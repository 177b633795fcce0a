/**
 * Finds the Chromium that the browser tests drive: the one in CHROMIUM, one on PATH, or on Debian as root the
 * system's package, installed here together with a font for Chinese.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { onPath } from './processes.mjs';
import { StationError } from './sentence.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The full path of a Chromium that is already there; undefined when there is none. Throws when CHROMIUM names no file. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (!named)
    return names.map(onPath).find((found) => found !== undefined) ?? places.find((place) => fs.existsSync(place));
  const found = fs.existsSync(named) ? named : onPath(named);
  if (found !== undefined) return found;
  throw new StationError(
    `CHROMIUM 指的 ${named} 不存在。请改正，或者不设它，用 PATH 里的。`,
    `CHROMIUM names ${named}, which does not exist. Please correct it, or leave it out to use the one on PATH.`,
  );
}

/** Like findChromium, but installs one where we can, and throws a StationError where we cannot. @param {(line: string) => void} tell */
export function ensureChromium(tell) {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && fs.existsSync('/etc/debian_version') && onPath('apt-get') !== undefined) {
    tell('正在安装 Chromium 和中文字体…… / Installing Chromium and a font for Chinese (apt-get) …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk']]) {
      const { status, stdout, stderr } = spawnSync('apt-get', args, {
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1e8,
      });
      if (status !== 0) tell(`${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n'));
    }
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new StationError(
    '浏览器测试需要 Chromium：请装好 Chromium 和一种中文字体，或者用 CHROMIUM 指给我，再跑一次。',
    'The browser tests need Chromium: please install Chromium and a font for Chinese, or name it in CHROMIUM, and run again.',
  );
}
