/**
 * npm start: from a fresh clone to a running station, with no other step.
 * Settings: PORT, HOST, DATA_DIR, DATABASE_URL, NUANLIN_DEMO=0 (no demo station), NUANLIN_BUILD (a folder with an app
 * that was built elsewhere). docs/decisions/0010 to 0012 say why it works as it does.
 */
import path from 'node:path';
import { ensureBuilt } from './station/prepare.mjs';
import { addresses, serve } from './station/serve.mjs';
import { runStation, tell, tellHowToSignIn } from './station/station.mjs';

const begun = performance.now();

await runStation(async ({ host, port, dataFolder }) => {
  process.env.NODE_ENV = 'production';
  const given = process.env.NUANLIN_BUILD;
  const build = given ? path.resolve(given) : await ensureBuilt(tell);
  const { close } = await serve({ build, host, port });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  tell(`\n暖邻已经开好了（${seconds} 秒） / Nuanlin is ready (${seconds} s):`);
  for (const address of addresses(host, port)) tell(`  ${address}`);
  tellHowToSignIn(dataFolder);
  tell('按 Ctrl-C 结束。 / Ctrl-C ends it.');
  return close;
});
