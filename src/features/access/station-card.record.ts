import * as f from '#engine/field.ts';
import { kind } from '#engine/kind.ts';
import { seesStation } from '#engine/scope.ts';

/** What everybody must know of the station: its name and the number to call when something is wrong. One record, id 'station'. */
export const stationCard = kind({
  name: 'stationCard',
  fields: {
    name: f.text({ max: 80 }),
    phone: f.phone(),
    address: f.text(),
  },
  sees: [seesStation()],
  urgency: 0,
});
