/**
 * npm run dev: the same station as `npm start`, its database included, with Vite serving the sources as they change.
 */
import { runStation, tell, tellHowToSignIn } from './station/station.mjs';

await runStation(async ({ host, port, dataFolder }) => {
  const { createServer } = await import('vite');
  const server = await createServer({ server: { host, port, strictPort: true } });
  await server.listen();
  server.printUrls();
  // Kit starts the app with the first request; asking now brings migrations and the demo station before a person comes.
  const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/healthz`).catch(String);
  if (typeof answer === 'string' || !answer.ok) tell('/healthz does not answer yet; the reason stands above.');
  tellHowToSignIn(dataFolder);
  return () => server.close();
});
