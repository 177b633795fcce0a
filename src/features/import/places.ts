/** Tables of addresses with coordinates: buildings of the estates, kitchens, meal points. */
import { communityName, readBuilding } from './address.rules.ts';
import type { PlaceRow, PlacesLedger, Warning } from './ledger.ts';
import { readLonLat } from './column-roles.rules.ts';
import type { Sheet } from './sheets.rules.ts';
import { ownCells } from './table.rules.ts';
import { isDitto, isNothing, wholeNumber } from './text.rules.ts';

export function readPlaces(sheets: Sheet[], warnings: Warning[]): PlaceRow[] {
  return sheets.flatMap((sheet) => {
    const places: PlaceRow[] = [];
    for (let row = sheet.header.bottom + 1; row < sheet.table.height; row += 1) {
      if (ownCells(sheet.table, row).length < 3) continue;
      const place = readPlace(sheet, row, places.at(-1));
      if (place.lat === null || place.lon === null)
        warnings.push({ sheet: sheet.name, row: row + 1, field: 'lat', reason: 'no-coordinates' });
      places.push(place);
    }
    return places;
  });
}

function readPlace(sheet: Sheet, row: number, above: PlaceRow | undefined): PlaceRow {
  const text = (role: string): string | null => {
    const column = sheet.columns.find((each) => each.role === role);
    const cell = column ? sheet.table.text(row, column.index) : '';
    if (isDitto(cell) && above) return (above as unknown as Record<string, string | null>)[role] ?? null;
    return isNothing(cell) ? null : cell;
  };
  const kindWritten = text('placeKind');
  const building = text('building');
  const kind = kindOf(kindWritten ?? '', building, text('estate') ?? '');
  const count = (role: string) => wholeNumber((text(role) ?? '').replace(/(个|层|单元)$/, ''));
  const label = text('estate') ?? nameOfPlace(sheet, row);
  const both = readLonLat(text('lonLat') ?? '');
  const community = text('community');
  return {
    sheet: sheet.name,
    row: row + 1,
    code: text('code'),
    kind,
    kindWritten,
    community: community ? (communityName(community) ?? community) : null,
    grid: text('grid'),
    microGrid: text('microGrid'),
    estate: kind === 'building' ? label : null,
    building: building ? readBuilding(building) : null,
    name: kind === 'building' ? null : label,
    units: count('units'),
    floors: count('floors'),
    lift: liftOf(text('lift') ?? sheetText(sheet, row, 'lift')),
    lat: both?.lat ?? coordinate(text('lat')),
    lon: both?.lon ?? coordinate(text('lon')),
    datum: text('datum'),
  };
}

/** Where no column is headed as an estate, the one that is simply called a name has it. */
function nameOfPlace(sheet: Sheet, row: number): string | null {
  const column = sheet.columns.find(
    ({ role, heading }) =>
      ['name', 'other'].includes(role) && /^(名称|地点|点位|场所|地名|name|place|site)(名称|名)?$/i.test(heading),
  );
  const cell = column ? sheet.table.text(row, column.index) : '';
  return isNothing(cell) ? null : cell;
}

/** 无 is an answer here, not an empty cell. */
function sheetText(sheet: Sheet, row: number, role: string): string {
  const column = sheet.columns.find((each) => each.role === role);
  return column ? sheet.table.text(row, column.index) : '';
}

function kindOf(written: string, building: string | null, label: string): PlaceRow['kind'] {
  if (/厨房|食堂|kitchen/i.test(written)) return 'kitchen';
  if (/助餐点|送餐点|配送点|取餐点|餐点|meal point|drop/i.test(written)) return 'meal-point';
  if (/楼|栋|幢|building/i.test(written) || building !== null) return 'building';
  if (/厨房|kitchen/i.test(label)) return 'kitchen';
  return /助餐点|送餐点|取餐点/.test(label) ? 'meal-point' : 'other';
}

function liftOf(text: string): PlaceRow['lift'] {
  if (/加装|后装|added/i.test(text)) return 'added';
  if (/^(无|没有|否|no|none|×|0)$/i.test(text)) return 'no';
  return /^(有|是|yes|√|1)|电梯|lift/i.test(text) ? 'yes' : null;
}

function coordinate(text: string | null): number | null {
  const number = Number(text ?? '');
  return text !== null && Number.isFinite(number) && number !== 0 ? number : null;
}

export function countPlaces(places: PlaceRow[]): PlacesLedger['counts'] {
  const buildings = places.filter(({ kind }) => kind === 'building');
  const distinct = (values: (string | null)[]) => new Set(values.filter((value) => value !== null)).size;
  const byCommunity: Record<string, number> = {};
  for (const { community } of buildings) if (community) byCommunity[community] = (byCommunity[community] ?? 0) + 1;
  return {
    rows: places.length,
    buildings: buildings.length,
    estates: distinct(buildings.map(({ community, estate }) => (estate ? `${community}/${estate}` : null))),
    grids: distinct(buildings.map(({ community, grid }) => (grid ? `${community}/${grid}` : null))),
    microGrids: distinct(buildings.map(({ microGrid }) => microGrid)),
    kitchens: places.filter(({ kind }) => kind === 'kitchen').length,
    mealPoints: places.filter(({ kind }) => kind === 'meal-point').length,
    byCommunity,
  };
}
