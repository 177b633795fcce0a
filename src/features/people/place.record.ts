import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesReferredBy, seesStation, seesWith } from '#engine/scope.ts';
import { office } from '#features/access/public.ts';

/** 社区. */
export const community = kind({
  name: 'community',
  fields: { name: f.text({ max: 80 }) },
  index: ['name'],
  sees: [seesStation()],
});

/** 网格: part of a community with a grid worker. */
export const grid = kind({
  name: 'grid',
  fields: { communityId: f.reference('community'), name: f.text({ max: 80 }) },
  index: ['communityId'],
  sees: [seesStation({ roles: office, within: 'communityId' })],
});

/** 微网格. */
export const microGrid = kind({
  name: 'microGrid',
  fields: { communityId: f.reference('community'), gridId: f.reference('grid'), name: f.text({ max: 80 }) },
  index: ['communityId', 'gridId'],
  sees: [seesStation({ roles: office, within: 'communityId' })],
});

/** 楼栋: where doors are. Coordinates are WGS-84 degrees; maps that need another datum convert at the edge. */
export const building = kind({
  name: 'building',
  fields: {
    communityId: f.reference('community'),
    gridId: f.optional(f.reference('grid')),
    microGridId: f.optional(f.reference('microGrid')),
    estate: f.text({ max: 80 }),
    /** As people say it: "3 栋". */
    name: f.text({ max: 80 }),
    entrances: f.optional(f.whole({ min: 0, max: 99 })),
    floors: f.optional(f.whole({ min: 0, max: 199 })),
    lift: f.optional(f.yesNo()),
    latitude: f.optional(f.measure({ min: -90, max: 90 })),
    longitude: f.optional(f.measure({ min: -180, max: 180 })),
  },
  index: ['communityId', 'estate'],
  sees: [seesStation({ roles: office, within: 'communityId' }), seesReferredBy('elder', 'buildingId')],
  urgency: 2,
});

/** Kept beside the places because it says where an elder's people are. In the order in which they are to be called. */
export const contact = kind({
  name: 'contact',
  fields: {
    elderId: f.reference('elder'),
    order: f.whole({ min: 1, max: 20 }),
    name: f.text({ max: 60 }),
    relation: f.text({ max: 40 }),
    phone: f.optional(f.phone({ sensitive: true })),
    hasKey: f.yesNo(),
  },
  index: ['elderId'],
  sees: [seesWith('elder', 'elderId', { roles: ['coordinator', 'subdistrict', 'deliverer', 'visitor', 'escort'] })],
  urgency: 1,
});
