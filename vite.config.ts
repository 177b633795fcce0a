import { sveltekit } from '@sveltejs/kit/vite';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { defineConfig } from 'vite';
import { deskApart } from './scripts/desk-apart.mjs';
import { englishApart } from './scripts/english-apart.mjs';
import { collectMessages, paraglideOptions } from './scripts/messages.mjs';

// The catalogue is spread over the feature folders; it is gathered before paraglide compiles it.
collectMessages();

export default defineConfig({
  plugins: [
    paraglideVitePlugin(paraglideOptions),
    englishApart(import.meta.dirname),
    deskApart(import.meta.dirname),
    sveltekit(),
  ],
  build: { target: 'es2022' },
  worker: { format: 'es' },
});
