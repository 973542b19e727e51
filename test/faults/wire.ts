/** A stretch of what goes over a connection, cut at the end of a message. */
export interface Message {
  readonly bytes: Buffer;
  /** To the server: whether it decides, which is to say that what it asks for is kept once the server has done it. */
  readonly isCommit: boolean;
  /** To the server: whether it is the last of what is asked. From the server: whether it ends an answer. */
  readonly isLast: boolean;
}

/** Understands what goes over one connection, as far as is needed to cut it at a certain place. */
export interface WireProtocol {
  fromClient(bytes: Buffer): readonly Message[];
  fromServer(bytes: Buffer): readonly Message[];
}

/** What becomes part of the database as soon as it is done: a claim of one statement, or the end of a transaction. */
export const isCommitStatement = (statement: string): boolean =>
  /^\s*commit\b/i.test(statement) || /^\s*with "input claim" as\b/i.test(statement);

/** Gives whole messages, and keeps the rest for the next time. `lengthOf` is null where not even that has come. */
export class Framing {
  readonly #lengthOf: (bytes: Buffer) => number | null;
  #rest: Buffer = Buffer.alloc(0);

  constructor(lengthOf: (bytes: Buffer) => number | null) {
    this.#lengthOf = lengthOf;
  }

  split(bytes: Buffer): readonly Buffer[] {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      const length = this.#lengthOf(rest);
      if (length === null || length > rest.length) break;
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.#rest = rest;
    return messages;
  }
}
