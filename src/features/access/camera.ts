import { openQrReader } from './qr-reader.ts';

/** Four looks a second find a code as soon as it is held still, and leave a slow phone time to show the picture. */
const lookEveryMs = 250;

/**
 * Shows what the camera sees and says every text that a code in it has, until `take` returns true or it is ended.
 * `onNone`: the camera was refused, is taken by another app or not there, or the reader could not be fetched.
 */
export function watchCamera(video: HTMLVideoElement, take: (text: string) => boolean, onNone: () => void): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  let stream: MediaStream | undefined;
  let isOver = false;
  const stop = () => {
    isOver = true;
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  const start = async () => {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    const read = await openQrReader();
    if (isOver) return stop();
    video.srcObject = stream;
    await video.play();
    timer = setInterval(() => {
      const text = read(video, video.videoWidth, video.videoHeight);
      if (text && take(text)) stop();
    }, lookEveryMs);
    if (isOver) stop();
  };
  start().catch(() => {
    const wasOver = isOver;
    stop();
    if (!wasOver) onNone();
  });
  return stop;
}
