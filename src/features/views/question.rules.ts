/**
 * What is asked of a list: words, filters, a community, a category, each under a name that the list gives it. Kept as
 * the text of an address (`filter=alone&find=zhou`), in which the same question always looks the same.
 */
export type Question = Readonly<Record<string, readonly string[]>>;

/** Without what is not asked, in an order that does not depend on how one came to it. */
export function questionOf(asked: Question): Question {
  const names = Object.keys(asked).sort();
  const told = names.map((name) => [name, [...new Set(asked[name])].filter(Boolean).sort()] as const);
  return Object.fromEntries(told.filter(([, values]) => values.length > 0));
}

export function textOf(question: Question): string {
  const pairs = Object.entries(questionOf(question)).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(pairs).toString();
}

export function questionFrom(text: string): Question {
  const asked: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) (asked[name] ??= []).push(value);
  return questionOf(asked);
}

export function isSameQuestion(a: Question, b: Question): boolean {
  return textOf(a) === textOf(b);
}

/** Whether anything is asked at all: everybody is no question worth a name. */
export function asksSomething(question: Question): boolean {
  return textOf(question) !== '';
}
