/** Where the pages of a route are. Ids hold colons, which may stand in a path as they are. */
export const routesPath = '/route';

export function dayPath(routeDayId: string): string {
  return `${routesPath}/${routeDayId}`;
}

export function stopPath(routeDayId: string, stopId: string): string {
  return `${routesPath}/${routeDayId}/${stopId}`;
}

export function finishPath(routeDayId: string): string {
  return `${routesPath}/${routeDayId}/finish`;
}

export function printPath(routeDayId: string): string {
  return `${dayPath(routeDayId)}/print`;
}

export function checkPath(checkId: string): string {
  return `/check/${checkId}`;
}
