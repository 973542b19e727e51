/** A surrogate is part of a code point that is higher than every single UTF-16 unit. */
const codeUnitWeight = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

/** Orders text by Unicode code point, as binary collations of SQL do. The operator `<` would order by UTF-16 unit. */
export const compareText = (a: string, b: string): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = codeUnitWeight(a.charCodeAt(i)) - codeUnitWeight(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
