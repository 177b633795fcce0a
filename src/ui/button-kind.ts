/** The field's keys, and the office's small ones. */
export type ButtonKind =
  | 'plain'
  | 'main'
  | 'call'
  | 'good'
  | 'bad'
  | 'on'
  | 'quiet'
  | 'office'
  | 'office-go'
  | 'office-red'
  | 'office-good'
  | 'office-bad'
  | 'office-bare';

interface ButtonShape {
  stack?: boolean;
  fit?: boolean;
  blocked?: boolean;
  start?: boolean;
  on?: boolean;
}

const kindClasses: Record<ButtonKind, string> = {
  plain: 'btn',
  main: 'btn main-btn',
  call: 'btn main-btn call',
  good: 'btn good',
  bad: 'btn bad',
  on: 'btn',
  quiet: 'btn quiet',
  office: 'o-btn',
  'office-go': 'o-btn go',
  'office-red': 'o-btn red',
  'office-good': 'o-btn good',
  'office-bad': 'o-btn bad',
  'office-bare': 'o-btn bare',
};

/** The class names of a key: its kind, then every shape that is set. */
export function buttonClass(kind: ButtonKind, shape: ButtonShape = {}): string {
  const set = Object.entries(shape).filter(([, wanted]) => wanted);
  return [kindClasses[kind], ...set.map(([name]) => name)].join(' ');
}
