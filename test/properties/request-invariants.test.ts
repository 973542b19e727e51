import { testInvariants } from "./properties.ts";

testInvariants("REPLAYED", "ONCE", "NO PHANTOM");
