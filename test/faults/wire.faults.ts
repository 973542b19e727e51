import { describe, expect, it } from "vitest";
import type { WireProtocol } from "./wire.ts";
import { mysqlWire } from "./wire-mysql.ts";
import { postgresWire } from "./wire-postgres.ts";

const CLAIM = 'with "input claims" as materialized (select 1) select 2';
const DRAW = 'with "input drafts" as materialized (select 1) select 2';

const postgresMessage = (letter: string, ...parts: readonly (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const greeting = (): Buffer => {
  const bytes = Buffer.alloc(20, 1);
  bytes.writeUInt32BE(20);
  return bytes;
};

const NOTHING = Buffer.alloc(4);
const parse = (name: string, text: string): Buffer => postgresMessage("P", name, text, Buffer.alloc(2));
const bind = (name: string): Buffer => postgresMessage("B", "", name, NOTHING);
const sync = (): Buffer => postgresMessage("S");

const mysqlPacket = (sequence: number, ...bytes: readonly (number | string | Buffer)[]): Buffer => {
  const body = Buffer.concat(
    bytes.map((part) =>
      typeof part === "number" ? Buffer.of(part) : Buffer.isBuffer(part) ? part : Buffer.from(part),
    ),
  );
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
};

const statementId = (id: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(id);
  return bytes;
};

/** The positions of the committing messages, if the bytes come in pieces of `size`. */
const commitPositions = (wire: WireProtocol, messages: readonly Buffer[], size: number): readonly number[] => {
  const all = Buffer.concat(messages);
  const found = [];
  for (let at = 0; at < all.length; at += size) found.push(...wire.fromClient(all.subarray(at, at + size)));
  expect(Buffer.concat(found.map(({ bytes }) => bytes)).equals(all)).toBe(true);
  return found.flatMap(({ isCommit }, n) => (isCommit ? [n] : []));
};

describe("the deciding messages are recognized, in pieces of any size,", () => {
  it.each([1, 3, 7, 10_000])("on PostgreSQL (%i bytes)", (size) => {
    const messages = [
      ...[greeting(), parse("look", "select 1"), bind("look"), sync()],
      ...[parse("take", CLAIM), bind("take"), sync()],
      ...[bind("look"), sync(), bind("take"), sync()],
      ...[parse("", DRAW), bind(""), sync(), parse("", "select 1"), bind(""), sync()],
      ...[postgresMessage("Q", "begin"), postgresMessage("Q", "COMMIT")],
    ];
    expect(commitPositions(postgresWire(), messages, size)).toEqual([5, 9, 12, 18]);
  });

  it.each([1, 3, 7, 10_000])("on MariaDB (%i bytes)", (size) => {
    const wire = mysqlWire();
    const first = [mysqlPacket(1, "login"), mysqlPacket(0, 0x03, "begin"), mysqlPacket(0, 0x03, "commit")];
    expect(commitPositions(wire, first, size)).toEqual([2]);
    expect(commitPositions(wire, [mysqlPacket(0, 0x16, CLAIM)], size)).toEqual([]);
    wire.fromServer(mysqlPacket(1, 0, statementId(7), "more"));
    expect(commitPositions(wire, [mysqlPacket(0, 0x17, statementId(7), "values")], size)).toEqual([0]);
    expect(commitPositions(wire, [mysqlPacket(0, 0x17, statementId(8), "values")], size)).toEqual([]);
  });
});
