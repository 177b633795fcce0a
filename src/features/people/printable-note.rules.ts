/** What may lie about on paper. Pure. */
const clauseEnds = /[，。；、,;\n]+/;
/** Words of locks, and anything that could be typed into one or dialled. */
const tellsTheWayIn = /密码|暗码|口令|code|pin\b|password|钥匙在|key is|[#＃*＊]|[\d０-９]{3,}/i;

/** Words of illness and its remedies; how to be heard and how long to wait is none of that. */
const tellsOfIllness =
  /药|病|血压|血糖|胰岛|透析|化疗|造瘘|导尿|心脏|中风|偏瘫|癌|痴呆|抑郁|精神|medicine|pills?\b|illness|disease|insulin|dialysis|stroke|cancer|dementia/i;

/**
 * What of a note may lie about on paper: every part of it but codes of doors, places of keys, numbers to call, and illness.
 * @param code the code of the entrance, which somebody may have written into the note too
 */
export function printableNote(note: string | null, code: string | null): string {
  const secret = code?.trim().toLowerCase() ?? '';
  const parts = (note ?? '').split(clauseEnds).map((part) => part.trim());
  return parts
    .filter((part) => part !== '' && !tellsTheWayIn.test(part) && !tellsOfIllness.test(part))
    .filter((part) => secret === '' || !part.toLowerCase().includes(secret))
    .join('，');
}
