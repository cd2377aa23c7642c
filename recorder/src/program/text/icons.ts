import type { SKRSContext2D } from '@napi-rs/canvas';

export type Icon = 'muted' | 'screen';

/** Signs of thin lines, in a square of 24, to go with those of the app. */
const DRAW: Record<Icon, (context: SKRSContext2D) => void> = {
  muted(context) {
    context.beginPath();
    context.roundRect(9, 3, 6, 11, 3);
    context.moveTo(18.5, 11);
    context.arc(12, 11, 6.5, 0, Math.PI);
    context.moveTo(12, 17.5);
    context.lineTo(12, 21.5);
    context.stroke();
    line(context);
  },
  screen(context) {
    context.beginPath();
    context.roundRect(2.5, 4, 19, 13, 2);
    context.moveTo(8, 21);
    context.lineTo(16, 21);
    context.moveTo(12, 14);
    context.lineTo(12, 8);
    context.moveTo(9, 10.5);
    context.lineTo(12, 7.5);
    context.lineTo(15, 10.5);
    context.stroke();
  },
};

function line(context: SKRSContext2D): void {
  context.beginPath();
  context.moveTo(3, 3);
  context.lineTo(21, 21);
  context.stroke();
}

export function drawIcon(
  context: SKRSContext2D,
  icon: Icon,
  o: { x: number; y: number; size: number; colour: string },
): void {
  context.save();
  context.translate(o.x, o.y);
  context.scale(o.size / 24, o.size / 24);
  context.strokeStyle = o.colour;
  context.lineWidth = 2.2;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  DRAW[icon](context);
  context.restore();
}
