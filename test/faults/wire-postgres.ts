import { Framing, isCommitStatement, type Message, type WireProtocol } from "./wire.ts";

/** A letter and the length of the rest. Only the first message of a client has no letter. */
const HEADER_LENGTH = 5;

const textAt = (message: Buffer, start: number): { readonly text: string; readonly end: number } => {
  const end = message.indexOf(0, start);
  return { text: message.toString("utf8", start, end), end: end + 1 };
};

const letterOf = (message: Buffer): string => String.fromCharCode(message[0] ?? 0);

export const postgresWire = (): WireProtocol => {
  let isGreeted = false;
  const toServer = new Framing((bytes) => {
    if (!isGreeted) return bytes.length < 4 ? null : bytes.readUInt32BE(0);
    return bytes.length < HEADER_LENGTH ? null : 1 + bytes.readUInt32BE(1);
  });
  const toClient = new Framing((bytes) => (bytes.length < HEADER_LENGTH ? null : 1 + bytes.readUInt32BE(1)));
  /** Whether a prepared statement commits, by its name. Later messages have only the name. */
  const preparedCommits = new Map<string, boolean>();

  /** `B` binds a prepared statement, and the following `S` makes the server run it to the end. */
  const isCommit = (message: Buffer): boolean => {
    switch (letterOf(message)) {
      case "P": {
        const { text: name, end } = textAt(message, HEADER_LENGTH);
        preparedCommits.set(name, isCommitStatement(textAt(message, end).text));
        return false;
      }
      case "B": {
        const { end } = textAt(message, HEADER_LENGTH);
        return preparedCommits.get(textAt(message, end).text) ?? false;
      }
      case "Q":
        return isCommitStatement(textAt(message, HEADER_LENGTH).text);
      default:
        return false;
    }
  };

  const toMessage = (bytes: Buffer): Message => {
    if (!isGreeted) {
      isGreeted = true;
      return { bytes, isCommit: false, isLast: true };
    }
    return { bytes, isCommit: isCommit(bytes), isLast: ["S", "Q"].includes(letterOf(bytes)) };
  };

  return {
    // One message at a time, because the first one changes how later ones are parsed.
    fromClient: (bytes) => {
      const messages: Message[] = [];
      for (let more = toServer.split(bytes); more.length > 0; more = toServer.split(Buffer.alloc(0)))
        for (const one of more) messages.push(toMessage(one));
      return messages;
    },
    // `Z` (ready for query): the statement is done and committed.
    fromServer: (bytes) =>
      toClient.split(bytes).map((one) => ({ bytes: one, isCommit: false, isLast: letterOf(one) === "Z" })),
  };
};
