import gcoord from 'gcoord';

/**
 * Links that open a map on the phone. Only the coordinates travel: no name, no flat, so that the map's maker learns of
 * a building and not of a person. Chinese maps shift their coordinates, each in its own way.
 */
export type MapName = 'amap' | 'baidu' | 'tencent' | 'phone';

export interface MapLink {
  readonly name: MapName;
  readonly href: string;
}

export interface Point {
  /** Degrees, WGS-84. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Links to a point in the order in which they are offered. `title` is the same for everybody: "送餐点". */
export function mapLinks({ latitude, longitude }: Point, title: string): readonly MapLink[] {
  const from: [number, number] = [longitude, latitude];
  const [gcjX, gcjY] = gcoord.transform(from, gcoord.WGS84, gcoord.GCJ02).map(short) as [string, string];
  const [bdX, bdY] = gcoord.transform(from, gcoord.WGS84, gcoord.BD09).map(short) as [string, string];
  const name = encodeURIComponent(title);
  return [
    {
      name: 'amap',
      href: `https://uri.amap.com/marker?position=${gcjX},${gcjY}&name=${name}&coordinate=gaode&callnative=1`,
    },
    {
      name: 'baidu',
      href: `https://api.map.baidu.com/marker?location=${bdY},${bdX}&title=${name}&content=${name}&coord_type=bd09ll&output=html&src=nuanlin`,
    },
    {
      name: 'tencent',
      href: `https://apis.map.qq.com/uri/v1/marker?marker=coord:${gcjY},${gcjX};title:${name}&referer=nuanlin`,
    },
    { name: 'phone', href: `geo:${short(latitude)},${short(longitude)}?q=${short(latitude)},${short(longitude)}` },
  ];
}

/** Six places after the point are a hand's breadth; more would only be longer. */
function short(degrees: number): string {
  return degrees.toFixed(6);
}
