// The one page that is made beforehand: empty, and handed out under every address when there is no line.
export const prerender = true;
