/** What the servers of the comparison share: the page they hand out, bodies, and how they say that they are ready. */
import fs from 'node:fs';
import path from 'node:path';

const types = { '.js': 'text/javascript', '.html': 'text/html; charset=utf-8' };

/** Whether the request was for the page, and was answered. */
export function servedPage(request, response) {
  const { pathname } = new URL(request.url, 'http://x');
  if (!pathname.startsWith('/page/')) return false;
  const file = path.join(process.env.PAGE_DIR, path.normalize(pathname.slice('/page'.length)));
  const found =
    fs.existsSync(file) && fs.statSync(file).isFile() ? file : path.join(process.env.PAGE_DIR, 'index.html');
  response.setHeader('content-type', types[path.extname(found)] ?? 'application/octet-stream');
  response.end(fs.readFileSync(found));
  return true;
}

export async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The records everybody begins with. */
export const records = () => JSON.parse(fs.readFileSync(process.env.RECORDS_FILE, 'utf8'));

/** @param {() => Promise<void>} [end] what has to happen before this process is gone */
export function sayReady(server, end = async () => undefined) {
  server.listen(0, '127.0.0.1', () => process.stdout.write(`READY ${server.address().port}\n`));
  process.on('SIGTERM', () => void end().finally(() => process.exit(0)));
}
