import type { PhotoRoom } from './photos/photo-room.ts';
import type { RunningStation } from './station.ts';

/** The station this process serves; null until it is ready and after it was closed. */
let running: RunningStation | null = null;

export function runningStation(): RunningStation | null {
  return running;
}

/** Where its photos are; there as long as the station is. */
let photoRoom: PhotoRoom | null = null;

export function runningPhotoRoom(): PhotoRoom | null {
  return photoRoom;
}

export function setRunningStation(station: RunningStation | null, photos: PhotoRoom | null = null): void {
  running = station;
  photoRoom = photos;
}
