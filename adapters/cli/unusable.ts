/** What the user gave cannot be used: an argument, a file. One line says what is wrong and what would do; exit 2. */
export class Unusable extends Error {}
