import { describe, expect, test } from "vitest";
import { addressGroup } from "./address-group.ts";

describe("an address counts with those that its holder has as well", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::6", "2001:db8:1:2::/64"],
    ["2001:db8::6", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["", ""],
  ])("for %s as %s", (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
