export { routesOnBoard, type RouteOnBoard } from './board.rules.ts';
