/** Runs inside the browser: looks at what a video element really shows. */
import { ageOfPicture } from './timeCode.ts';

const SIZE = { width: 160, height: 90 };

export const shownPicture = {
  /** Milliseconds that each of so many pictures is old when it is shown: those with a time in them. */
  ages: (count: number): Promise<number[]> =>
    new Promise((resolve, reject) => {
      const video = document.querySelector('video');
      const canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!video || !context) return reject(new Error('There is no video.'));
      const ages: number[] = [];
      let left = 10 * count;
      video.requestVideoFrameCallback(function look(_, { expectedDisplayTime }) {
        context.drawImage(video, 0, 0, SIZE.width, SIZE.height);
        const { data } = context.getImageData(0, 0, SIZE.width, SIZE.height);
        const luma = data.filter((_value, index) => index % 4 === 1);
        const shownAt = performance.timeOrigin + Math.max(expectedDisplayTime, performance.now());
        const age = ageOfPicture(luma, SIZE, Math.round(shownAt));
        if (age !== undefined) ages.push(age);
        left -= 1;
        if (ages.length === count || left === 0) resolve(ages);
        else video.requestVideoFrameCallback(look);
      });
    }),
};

export type ShownPicture = typeof shownPicture;
