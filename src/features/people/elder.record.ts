import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesReferredBy, seesStation, seesWith } from '#engine/scope.ts';
import { office, officeAndField } from '#features/access/public.ts';

/** Status of an elder's file. An absence (hospital, family) does not end it: that is a record of its own. */
export const elderStatus = ['active', 'paused', 'ended'] as const;
export const endReasons = ['died', 'moved', 'institution', 'declined'] as const;

/** 老人: the person everything here is for. */
export const elder = kind({
  name: 'elder',
  fields: {
    name: f.text({ max: 60 }),
    /** How to call them at the door: "刘奶奶". */
    callName: f.optional(f.text({ max: 60, only: officeAndField })),
    /** Full pinyin and initials of the name, for search; made when the name is written. */
    pinyin: f.optional(f.text({ max: 120, only: office })),
    sex: f.optional(f.oneOf(['F', 'M'])),
    birthDate: f.optional(f.date({ only: [...office, 'visitor'], sensitive: true })),
    /** 身份证号. Stays with the office, masked until opened. */
    idNumber: f.optional(f.text({ max: 18, only: office, sensitive: true })),
    /** Why there is no valid ID number: 'missing' or 'wrong'. */
    idFlag: f.optional(f.oneOf(['missing', 'wrong'], { only: office })),
    phones: f.optional(f.list({ only: officeAndField, sensitive: true })),
    communityId: f.reference('community'),
    gridId: f.optional(f.reference('grid', { only: office })),
    buildingId: f.optional(f.reference('building')),
    /** The address as it was written down, whole. */
    address: f.text({ max: 200 }),
    entrance: f.optional(f.text({ max: 20, only: officeAndField })),
    floor: f.optional(f.whole({ min: -5, max: 199, only: officeAndField })),
    door: f.optional(f.text({ max: 20, only: officeAndField })),
    /** How to get in and be heard: gate, knocking, dog. */
    accessNote: f.optional(f.note({ only: officeAndField })),
    /** Code of the entrance. */
    accessCode: f.optional(f.text({ max: 40, only: officeAndField, sensitive: true })),
    living: f.optional(f.text({ max: 60, only: [...office, 'visitor'], sensitive: true })),
    /** A list the station configures itself: 低保, 失独, 高龄 … */
    categories: f.optional(f.list({ only: office, sensitive: true })),
    health: f.optional(f.note({ only: [...office, 'visitor'], sensitive: true })),
    note: f.optional(f.note({ only: office, sensitive: true })),
    /** A meal may be left at the door if nobody answers; only when the elder has agreed. */
    mayLeaveAtDoor: f.yesNo(),
    status: f.oneOf(elderStatus),
    endReason: f.optional(f.oneOf(endReasons, { only: office })),
    /** The first day without service. */
    endedOn: f.optional(f.date({ only: office })),
  },
  index: ['communityId', 'buildingId', 'idNumber', 'name', 'status'],
  sees: [
    seesStation({ roles: office, within: 'communityId' }),
    seesStation({ roles: ['canteen'], having: { field: 'status', values: ['active', 'paused'] } }),
    // For a while the kitchen still has to read why somebody is no longer cooked for.
    seesStation({ roles: ['canteen'], days: { field: 'endedOn', from: -14, to: 14 } }),
    seesReferredBy('stop', 'elderId', { roles: ['deliverer'] }),
    seesReferredBy('visitPlan', 'elderId', { roles: ['visitor'] }),
    seesReferredBy('visit', 'elderId', { roles: ['visitor'] }),
    seesReferredBy('escort', 'elderId', { roles: ['escort'] }),
    seesReferredBy('safetyCheck', 'elderId'),
  ],
  urgency: 1,
  // Two of the same name are told apart by where they live.
  subtitle: ['address'],
});

/** 饮食: what an elder may, must not and does not like to eat. One record per elder, same id. */
export const dietProfile = kind({
  name: 'dietProfile',
  fields: {
    elderId: f.reference('elder'),
    /** low-salt, low-oil, diabetic, halal, vegetarian … as a configured list. */
    types: f.list(),
    allergens: f.list(),
    texture: f.optional(f.oneOf(['soft', 'minced', 'pureed'])),
    dislikes: f.list(),
    /** Which of the station's meal variants this amounts to. */
    variantId: f.optional(f.reference('mealVariant')),
    note: f.optional(f.note()),
  },
  index: ['elderId', 'variantId'],
  sees: [seesWith('elder', 'elderId')],
  urgency: 1,
});
