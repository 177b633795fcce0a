import * as v from 'valibot';
import * as f from '#engine/field.ts';
import { endReasons, elderStatus } from './elder.record.ts';

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const words = (max: number) => v.pipe(v.array(text(200)), v.maxLength(max));
const maybe = <T>(schema: v.GenericSchema<unknown, T>) => v.nullable(schema);

/** Contact as a list or a form gives it; the place in the list is the order in which they are called. */
export const contactLine = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  relation: text(40),
  phone: maybe(f.phone().schema),
  hasKey: v.boolean(),
});
export type ContactLine = v.InferOutput<typeof contactLine>;

export const dietLine = v.object({
  types: words(20),
  allergens: words(20),
  texture: maybe(v.picklist(['soft', 'minced', 'pureed'])),
  dislikes: words(20),
  note: maybe(text(2_000)),
});
export type DietLine = v.InferOutput<typeof dietLine>;

/** One elder as a ledger or the form of the office gives them. Places are named, not pointed to. */
export const elderLine = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  callName: maybe(text(60)),
  /** Made by the caller: field phones do not carry the dictionary. */
  pinyin: maybe(text(120)),
  sex: maybe(v.picklist(['F', 'M'])),
  birthDate: maybe(f.date().schema),
  idNumber: maybe(v.pipe(v.string(), v.regex(/^\d{17}[\dX]$/))),
  idFlag: maybe(v.picklist(['missing', 'wrong'])),
  phones: v.pipe(v.array(f.phone().schema), v.maxLength(10)),
  community: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
  grid: maybe(v.pipe(v.string(), v.minLength(1), v.maxLength(80))),
  estate: maybe(v.pipe(v.string(), v.minLength(1), v.maxLength(80))),
  building: maybe(v.pipe(v.string(), v.minLength(1), v.maxLength(80))),
  address: text(200),
  entrance: maybe(text(20)),
  floor: maybe(v.pipe(v.number(), v.integer(), v.minValue(-5), v.maxValue(199))),
  door: maybe(text(20)),
  accessNote: maybe(text(2_000)),
  accessCode: maybe(text(40)),
  /** Only when the elder has agreed. */
  mayLeaveAtDoor: v.boolean(),
  living: maybe(text(60)),
  categories: words(60),
  health: maybe(text(2_000)),
  note: maybe(text(2_000)),
  diet: dietLine,
  contacts: v.pipe(v.array(contactLine), v.maxLength(10)),
  status: v.picklist(elderStatus),
  endReason: maybe(v.picklist(endReasons)),
  endedOn: maybe(f.date().schema),
  /** A person has said that this is somebody of their own, whoever in the register looks like them. */
  apart: v.optional(v.boolean()),
});
export type ElderLine = v.InferOutput<typeof elderLine>;
