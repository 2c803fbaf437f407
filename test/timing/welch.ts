// Welch's t: by how many standard errors the means of two samples differ. Beyond 4.5 (as in dudect, Reparaz 2017) one
// kind of request can be told from another by its time.

export const TELLS = 4.5;

/** Welch's t of two samples; 0 where neither varies and they are equal. */
export function welchT(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [moments(a), moments(b)];
  const error = Math.sqrt(x.variance / a.length + y.variance / b.length);
  return x.mean === y.mean ? 0 : (x.mean - y.mean) / error;
}

/** The greatest |t| over the whole samples and over what is left below quantiles of both together: rare delays hide much. */
export function greatestT(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b].sort((x, y) => x - y);
  const bounds = [1, 0.99, 0.95, 0.9, 0.75].map((share) => all[Math.ceil(all.length * share) - 1] ?? Infinity);
  const ts = bounds.map((bound) => welchT(below(a, bound), below(b, bound)));
  return ts.reduce((greatest, t) => (Math.abs(t) > Math.abs(greatest) ? t : greatest), 0);
}

const below = (sample: readonly number[], bound: number): number[] => sample.filter((value) => value <= bound);

export function moments(sample: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (sample.length - 1) };
}
