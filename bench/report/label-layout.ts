/** A label with its ideal middle and its height. */
export interface LabelSlot {
  readonly middle: number;
  readonly room: number;
}

interface Block {
  readonly members: readonly number[];
  /** The average of the tops that the members would like for the block. */
  readonly top: number;
  readonly room: number;
}

/** Merges two neighbouring blocks. The position is the average over all members. */
const mergeBlocks = (a: Block, b: Block): Block => {
  const [m, n] = [a.members.length, b.members.length];
  return {
    members: [...a.members, ...b.members],
    top: (a.top * m + (b.top - a.room) * n) / (m + n),
    room: a.room + b.room,
  };
};

/** Moves the middles apart as little as possible, so that no labels overlap. They stay between 0 and `height` if they fit. */
export const placeLabels = (slots: readonly LabelSlot[], height: number): readonly number[] => {
  const clamp = (block: Block): Block => ({ ...block, top: Math.max(0, Math.min(block.top, height - block.room)) });
  const order = slots.map((slot, i) => ({ ...slot, i })).sort((a, b) => a.middle - b.middle);
  const blocks: Block[] = [];
  for (const { middle, room, i } of order) {
    let block = clamp({ members: [i], top: middle - room / 2, room });
    for (let above = blocks.at(-1); above && above.top + above.room > block.top; above = blocks.at(-1)) {
      blocks.pop();
      block = clamp(mergeBlocks(above, block));
    }
    blocks.push(block);
  }
  const middles = slots.map(({ middle }) => middle);
  for (const { members, top } of blocks) {
    let y = top;
    for (const i of members) {
      const room = slots[i]?.room ?? 0;
      middles[i] = y + room / 2;
      y += room;
    }
  }
  return middles;
};
