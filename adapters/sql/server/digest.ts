import { hash } from "node:crypto";

/** A key in the length that every index takes: its SHA-256, since keys may be longer than that. */
export const digestOf = (key: string): string => hash("sha256", key);
