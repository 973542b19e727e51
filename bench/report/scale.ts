/** Turns a value into a position from 0 to 1, and chooses the ticks. */
export interface Scale {
  readonly position: (value: number) => number;
  readonly ticks: readonly number[];
  readonly isLog: boolean;
}

/** Transforms values before they are placed on an axis. */
export type AxisTransform = (value: number) => number;

export const logarithmic: AxisTransform = (value) => Math.log10(value);

/** For shares from 0 to 1. The distances between 90 %, 99 % and 99.9 % are equal. 100 % is at 99.999 %. */
export const nines: AxisTransform = (share) => -Math.log10(Math.max(1 - share, 1e-5));

const positionBetween = (transform: AxisTransform, low: number, high: number): Scale["position"] => {
  const [from, to] = [transform(low), transform(high)];
  return (value) => (to > from ? (transform(value) - from) / (to - from) : 0.5);
};

/** A scale with a tick at each value. */
export const scaleOfValues = (transform: AxisTransform, values: readonly number[]): Scale => {
  const ticks = [...new Set(values)].sort((a, b) => a - b);
  return {
    position: positionBetween(transform, ticks[0] ?? 0, ticks.at(-1) ?? 1),
    ticks,
    isLog: transform === logarithmic,
  };
};

/** 1, 2 and 5 times each power of ten, from the last one below `low` to the first one above `high`. */
const roundNumbers = (low: number, high: number): readonly number[] => {
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const digit of [1, 2, 5]) all.push(Number(`${digit}e${power}`));
  const first = all.findLastIndex((value) => value <= low);
  const last = all.findIndex((value) => value >= high);
  return all.slice(Math.max(first, 0), last < 0 ? undefined : last + 1);
};

const isPowerOfTen = (value: number): boolean => Math.log10(value) === Math.round(Math.log10(value));

/** A logarithmic scale between round numbers. All values must be above 0. */
export const decades = (values: readonly number[]): Scale => {
  const all = roundNumbers(Math.min(...values), Math.max(...values));
  const powers = all.filter(isPowerOfTen);
  return {
    position: positionBetween(logarithmic, all[0] ?? 1, all.at(-1) ?? 10),
    ticks: all.length > 7 && powers.length > 1 ? powers : all,
    isLog: true,
  };
};

/** A linear scale from 0 to a round number. */
export const fromZero = (values: readonly number[]): Scale => {
  const max = Math.max(...values) || 1;
  const step = roundNumbers(max / 5, max / 5).at(-1) ?? max;
  const steps = Math.ceil(max / step);
  return {
    position: (value) => value / (step * steps),
    ticks: Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(6))),
    isLog: false,
  };
};

/** Linear from zero. Logarithmic if the smallest value would be too close to zero. */
export const linearOrLogarithmic = (values: readonly number[]): Scale => {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return min > 0 && max / min > 20 ? decades(values) : fromZero(values);
};
