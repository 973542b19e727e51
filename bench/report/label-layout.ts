/** A label with its ideal middle and its height. */
export interface LabelSlot {
  readonly middle: number;
  readonly height: number;
}

interface Block {
  readonly members: readonly number[];
  /** The average of the tops that the members would like for the block. */
  readonly top: number;
  readonly height: number;
}

/** Merges two neighbouring blocks. The position is the average over all members. */
const mergeBlocks = (a: Block, b: Block): Block => {
  const [m, n] = [a.members.length, b.members.length];
  return {
    members: [...a.members, ...b.members],
    top: (a.top * m + (b.top - a.height) * n) / (m + n),
    height: a.height + b.height,
  };
};

/** Moves the middles apart as little as possible, so that no labels overlap. They stay between 0 and `plotHeight` if they fit. */
export const placeLabels = (slots: readonly LabelSlot[], plotHeight: number): readonly number[] => {
  const clamp = (block: Block): Block => ({
    ...block,
    top: Math.max(0, Math.min(block.top, plotHeight - block.height)),
  });
  const order = slots.map((slot, i) => ({ ...slot, i })).sort((a, b) => a.middle - b.middle);
  const blocks: Block[] = [];
  for (const { middle, height: labelHeight, i } of order) {
    let block = clamp({ members: [i], top: middle - labelHeight / 2, height: labelHeight });
    for (let above = blocks.at(-1); above && above.top + above.height > block.top; above = blocks.at(-1)) {
      blocks.pop();
      block = clamp(mergeBlocks(above, block));
    }
    blocks.push(block);
  }
  const middles = slots.map(({ middle }) => middle);
  for (const { members, top } of blocks) {
    let y = top;
    for (const i of members) {
      const labelHeight = slots[i]?.height ?? 0;
      middles[i] = y + labelHeight / 2;
      y += labelHeight;
    }
  }
  return middles;
};
