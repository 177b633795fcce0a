/** Decides what each column of a table is. Cells weigh more than headings; every role is given once. */
import {
  headerRole,
  looksLikeContactCell,
  looksLikePersonName,
  NAME_HEADINGS,
  PHONE_HEADING,
  plainHeading,
  ROLE_RULES,
  type RoleRule,
} from './column-roles.rules.ts';
import { looksLikeRemark } from './elder-words.rules.ts';
import { isFood } from './meal-words.rules.ts';
import { looksLikePhone } from './phones.rules.ts';
import type { Header, Table } from './table.rules.ts';
import { isDitto, isNothing, type CellValue } from './text.rules.ts';

export interface Column {
  index: number;
  /** The heading, group and sub-heading joined by " / "; the letter of the column when there is none. */
  heading: string;
  role: string;
  /** 0 to 1: how sure the reading is. */
  confidence: number;
  /** A person has said so. */
  given?: true;
}

/** What a person has said about columns: their number from the left, counted from 0, to a role. */
export type GivenRoles = Readonly<Record<number, string>>;

interface Profile {
  index: number;
  /** Innermost heading and the words above it. */
  own: string;
  group: string;
  cells: { text: string; value: CellValue }[];
  /** Share of rows with anything in them. */
  filled: number;
  names: number;
  phones: number;
  distinct: number;
}

const SAMPLE = 400;

/**
 * Gives every column its role; columns that say nothing get `other`. `taken` are columns already known (day marks);
 * what a person has said comes first, and the rest is guessed around it.
 */
export function assignColumns(table: Table, header: Header, taken: Set<number>, said: GivenRoles = {}): Column[] {
  const profiles = profileColumns(table, header, taken);
  const chosen = new Map<number, Column>();
  const give = (profile: Profile, role: string, confidence: number) =>
    chosen.set(profile.index, {
      index: profile.index,
      heading: headingOf(profile),
      role,
      confidence: Math.min(1, confidence),
    });
  for (const profile of profiles) {
    const role = said[profile.index];
    if (role === undefined) continue;
    give(profile, role, 1);
    Object.assign(chosen.get(profile.index) as Column, { given: true });
  }
  assignByRule(profiles, give, chosen);
  assignNames(profiles, give, chosen);
  assignPhones(profiles, give, chosen);
  for (const profile of profiles) if (!chosen.has(profile.index)) assignRest(profile, give, chosen);
  return [...chosen.values()].sort((a, b) => a.index - b.index);
}

/** What is left is told by its neighbours, by the wording of remarks, or by a heading that names food. */
function assignRest(profile: Profile, give: Give, chosen: Map<number, Column>): void {
  const left = chosen.get(profile.index - 1)?.role;
  const right = chosen.get(profile.index + 1)?.role;
  const unknown = headerRole(profile.own) === null;
  if ((left === 'unit' || left === 'building') && share(profile, isDoorNumber) >= 0.9) give(profile, 'room', 0.7);
  else if (unknown && right === 'building' && share(profile, isPlaceName) >= 0.9) give(profile, 'estate', 0.6);
  else if (unknown && share(profile, looksLikeRemark) >= 0.3) give(profile, 'note', 0.5);
  else if (isFood(profile.own) && profile.cells.every(({ text }) => /^\d{1,3}(份|个|杯|碗|只|根|盒|袋)?$/.test(text)))
    give(profile, 'item', 0.9);
  else give(profile, 'other', 0);
}

const isPlaceName = (text: string): boolean => /^\p{Script=Han}{2,10}$/u.test(text);

function share(profile: Profile, fits: (text: string) => boolean): number {
  return profile.cells.filter(({ text }) => fits(text)).length / Math.max(1, profile.cells.length);
}

const isDoorNumber = (text: string): boolean => /^\d{3,4}[A-Z]?$/i.test(text);

function headingOf(profile: Profile): string {
  return [profile.group, profile.own].filter((word) => word !== '').join(' / ') || columnLetter(profile.index);
}

/** 0 → A, 27 → AB. */
export function columnLetter(index: number): string {
  return (index >= 26 ? columnLetter(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
}

function profileColumns(table: Table, header: Header, taken: Set<number>): Profile[] {
  const profiles: Profile[] = [];
  for (let index = 0; index < table.width; index += 1) {
    if (taken.has(index)) continue;
    const path = header.paths[index] ?? [];
    profiles.push(profileColumn(table, header.bottom + 1, index, path));
  }
  return profiles;
}

function profileColumn(table: Table, from: number, index: number, path: string[]): Profile {
  const cells: Profile['cells'] = [];
  let rows = 0;
  for (let row = from; row < table.height && cells.length < SAMPLE; row += 1) {
    const text = table.text(row, index);
    if (text !== '') rows += 1;
    if (!isNothing(text) && !isDitto(text)) cells.push({ text, value: table.value(row, index) });
  }
  const share = (fits: (text: string) => boolean) =>
    cells.length === 0 ? 0 : cells.filter(({ text }) => fits(text)).length / cells.length;
  return {
    index,
    own: plainHeading(path.at(-1) ?? ''),
    group: plainHeading(path.length > 1 ? (path[0] ?? '') : ''),
    cells,
    filled: rows / Math.max(1, Math.min(SAMPLE, table.height - from)),
    names: share(looksLikePersonName),
    phones: share(looksLikePhone),
    distinct: new Set(cells.map(({ text }) => text)).size / Math.max(1, cells.length),
  };
}

type Give = (profile: Profile, role: string, confidence: number) => void;

function assignByRule(profiles: Profile[], give: Give, chosen: Map<number, Column>): void {
  const candidates = profiles.flatMap((profile) =>
    ROLE_RULES.map((rule, order) => ({ profile, rule, order, score: scoreOf(profile, rule) })).filter(
      ({ score }) => score > 0,
    ),
  );
  candidates.sort((a, b) => b.score - a.score || a.order - b.order || a.profile.index - b.profile.index);
  const given = new Set([...chosen.values()].map(({ role }) => role));
  for (const { profile, rule, score } of candidates) {
    if (chosen.has(profile.index) || (given.has(rule.role) && !MANY.has(rule.role))) continue;
    if (belongsToSomebodyElse(profile, rule.role)) continue;
    given.add(rule.role);
    give(profile, rule.role, score / 2);
  }
}

/** Several columns may be remarks or categories; everything else stands once. */
const MANY = new Set(['note', 'contactRelation', 'diet', 'categories', 'mealTick', 'livingTick', 'categoryTick']);

/** The ID or the sex under a heading like 紧急联系人 is not the elder's. */
function belongsToSomebodyElse(profile: Profile, role: string): boolean {
  return (
    ['id', 'sex', 'birth', 'age', 'address'].includes(role) &&
    NAME_HEADINGS.contact.test(`${profile.group}${profile.own}`)
  );
}

function scoreOf(profile: Profile, rule: RoleRule): number {
  const named = profile.own !== '' && rule.heading.test(profile.own) && !rule.notHeading?.test(profile.own);
  // A heading that clearly belongs to names or telephones is left to those.
  if (!named && (PHONE_HEADING.test(profile.own) || (profile.names > 0.6 && !rule.content))) return 0;
  // 情况 and 说明 head many things: cells that all say one thing know better.
  const isVague = rule.role === 'note' && !/备注|remark|note|comment/i.test(profile.own);
  if (!rule.content) return named && headerRole(profile.own) === rule.role ? (isVague ? 0.8 : 1.1) : 0;
  const { length } = profile.cells;
  if (length === 0) return named ? 0.6 : 0;
  const fits = named ? rule.content : (rule.withoutHeading ?? rule.content);
  const share = profile.cells.filter(({ text, value }) => fits(text, value)).length / length;
  if (named) return share >= 0.3 ? 1 + share : headerRole(profile.own) === rule.role ? 0.4 + share : 0;
  const known = profile.own === '' ? null : headerRole(profile.own);
  // Another known heading contradicts, unless the cells are nearly unanimous.
  const needed = known && known !== rule.role ? 0.95 : (rule.alone ?? 0.6);
  return length >= 2 && (rule.alone ?? 0) <= 1 && share >= needed && profile.names < share ? share * 0.95 : 0;
}

/** Columns of names: whose name it is, is told by the heading, by how full and how different it is, and by its place. */
function assignNames(profiles: Profile[], give: Give, chosen: Map<number, Column>): void {
  const free = profiles.filter((profile) => !chosen.has(profile.index));
  const named = free.filter(
    (profile) =>
      profile.names >= 0.5 ||
      (profile.names > 0 && NAME_HEADINGS.person.test(profile.own)) ||
      contactCells(profile) >= 0.4 ||
      isHeadedForPeople(profile) ||
      isHeadedForNames(profile),
  );
  const relation = [...chosen.values()].find((column) => column.role === 'contactRelation');
  const isSaid = [...chosen.values()].some(({ role }) => role === 'name');
  const person = isSaid ? undefined : best(named, (profile) => personScore(profile, relation));
  if (person && (person.names > 0 || isHeadedForPeople(person))) give(person, 'name', 0.5 + person.names / 2);
  for (const profile of named) {
    if (profile === person) continue;
    const words = `${profile.group}${profile.own}`;
    if (NAME_HEADINGS.contact.test(words) || contactCells(profile) >= 0.4) give(profile, 'contactName', 0.9);
    else if (NAME_HEADINGS.helper.test(words)) give(profile, 'helper', 0.9);
    else if (relation && Math.abs(relation.index - profile.index) <= 2) give(profile, 'contactName', 0.6);
    else if (profile.names >= 0.8 && (profile.own === '' || NAME_HEADINGS.person.test(profile.own)))
      give(profile, relation || profile.distinct > 0.75 ? 'contactName' : 'helper', 0.4);
  }
  demoteSecondContact(profiles, give, chosen);
}

/** Rare surnames are no word we know: under 姓名 two to four signs are a name all the same. */
function isHeadedForPeople(profile: Profile): boolean {
  return (
    NAME_HEADINGS.person.test(profile.own) &&
    profile.cells.length > 0 &&
    share(profile, (text) => /^\p{Script=Han}{2,4}$/u.test(text)) >= 0.5
  );
}

/** A column headed as a contact's or a helper's holds names even where it is empty or words them in its own way. */
function isHeadedForNames(profile: Profile): boolean {
  if (PHONE_HEADING.test(profile.own)) return false;
  const isContact = NAME_HEADINGS.contact.test(profile.own) && headerRole(profile.own) === 'contactName';
  if (profile.cells.length === 0) return isContact || NAME_HEADINGS.helper.test(profile.own);
  return isContact && profile.cells.every(({ text }) => /\p{L}{2}/u.test(text));
}

function contactCells(profile: Profile): number {
  return profile.cells.length === 0
    ? 0
    : profile.cells.filter(({ text }) => looksLikeContactCell(text)).length / profile.cells.length;
}

/** Helpers and contacts are kept apart by role; the first helper counts. */
function demoteSecondContact(profiles: Profile[], give: Give, chosen: Map<number, Column>): void {
  const helpers = profiles.filter((profile) => chosen.get(profile.index)?.role === 'helper');
  for (const extra of helpers.slice(1)) if (!chosen.get(extra.index)?.given) give(extra, 'other', 0);
}

function personScore(profile: Profile, relation: Column | undefined): number {
  const words = `${profile.group}${profile.own}`;
  let score = profile.names + profile.filled + profile.distinct - profile.index * 0.03;
  if (NAME_HEADINGS.person.test(profile.own)) score += 1.5;
  if (NAME_HEADINGS.contact.test(words)) score -= 2.5;
  if (/户主/.test(profile.own)) score -= 1;
  if (NAME_HEADINGS.helper.test(profile.own) && !/姓名|name/i.test(profile.own)) score -= 1;
  // 姓名 | 关系 | 电话 side by side are the contact's, wherever the group's word got lost.
  if (relation && relation.index === profile.index + 1) score -= 1.2;
  return score;
}

function best<T>(items: T[], score: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (top, item) => (top === undefined || score(item) > score(top) ? item : top),
    undefined,
  );
}

/** A telephone belongs to the contact when its heading says so, or when a contact's name or relation stands before it. */
function assignPhones(profiles: Profile[], give: Give, chosen: Map<number, Column>): void {
  const free = profiles.filter((profile) => !chosen.has(profile.index));
  const phones = free.filter(
    (profile) => profile.phones >= 0.5 || (PHONE_HEADING.test(profile.own) && profile.names < 0.5),
  );
  const name = [...chosen.values()].find((column) => column.role === 'name');
  for (const profile of phones) {
    const words = `${profile.group}${profile.own}`;
    const left = [...chosen.values()].filter(
      (column) =>
        column.index < profile.index &&
        ['contactName', 'contactRelation', 'contactPhone', 'helper', 'name'].includes(column.role),
    );
    const nearest = left.sort((a, b) => b.index - a.index)[0];
    const close = nearest !== undefined && profile.index - nearest.index <= 2;
    const plain =
      /^(联系电话|电话|手机|手机号|手机号码|电话号码|联系方式|phone|tel|mobile|telephone|phone number)$/i.test(
        profile.own,
      );
    const isOnlyNumber =
      phones.length === 1 && /^联系人(电话|手机|号码)?$/.test(profile.own) && nearest?.role === 'name';
    if (isOnlyNumber) give(profile, 'phone', 0.6);
    else if (NAME_HEADINGS.contact.test(words.replace(/联系电话|联系方式/g, ''))) give(profile, 'contactPhone', 0.9);
    else if (NAME_HEADINGS.helper.test(words) && nearest?.role === 'helper') give(profile, 'other', 0.5);
    else if (
      close &&
      ['contactName', 'contactRelation'].includes(nearest.role) &&
      (!plain || phones.length > 1) &&
      name &&
      name.index !== nearest.index
    )
      give(profile, 'contactPhone', 0.7);
    else give(profile, 'phone', 0.9);
  }
}

/** Columns of one role, left to right. */
export function columnsOf(columns: Column[], role: string): number[] {
  return columns.filter((column) => column.role === role).map((column) => column.index);
}
