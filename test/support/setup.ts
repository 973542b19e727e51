import { afterAll } from "vitest";
import { closeAll } from "./at-end.ts";

// Vitest evaluates this file for each test file. All other modules are evaluated once, and several test files use them.
afterAll(closeAll);
