import { m } from '#messages';

/** What is asked of a person about a row, in words. */
export const questionWords = {
  'near-duplicate': () => m.import_question_near_duplicate(),
  'near-known': () => m.import_question_near_known(),
  differs: () => m.import_question_differs(),
  'not-found': () => m.import_question_not_found(),
  'order-differs': () => m.import_question_order_differs(),
  'no-kitchen': () => m.import_question_no_kitchen(),
} as const;
