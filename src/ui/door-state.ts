/** What a little door tells: done · taken by another · we go there now · not reached yet · nobody answered · not done. */
export type DoorState = 'ok' | 'other' | 'now' | 'wait' | 'alarm' | 'none';
