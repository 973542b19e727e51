/** A database that cannot be used as it is: says why, and what to do about it. To try again does not help. */
export class Unfit extends Error {}
