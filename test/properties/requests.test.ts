import { tryInvariants } from "./properties.ts";

tryInvariants("REPLAYED", "ONCE", "NO PHANTOM");
