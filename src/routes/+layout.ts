// Everything happens on the phone: the server sends one empty shell and answers questions, it never draws a page.
export const ssr = false;
