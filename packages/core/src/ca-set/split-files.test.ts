import { testPki } from "@tcm/testkit";
import { describe, expect, test } from "vitest";
import { formatPlace, placeOfPointer, splitFiles } from "./split-files.ts";

const pki = testPki();
const [a, b] = [pki.root("Root A"), pki.root("Root B")];

describe("files are taken apart into one certificate an entry", () => {
  const split = splitFiles([
    { name: "both.pem", text: `# ours\n${a.pem}${b.pem}` },
    { name: "again.pem", text: a.pem },
    { name: "key.pem", text: `${b.pem}${a.privateKeyPem}` },
    { name: "page.html", text: "<html>" },
  ]);

  test("in the order of the files, each with its place", () => {
    expect(split.entries.map(({ certificatePem }) => certificatePem)).toEqual(
      [a, b, a, b].map(({ pem }) => pem.trim()),
    );
    expect(split.ders.map((der) => Buffer.from(der))).toEqual([a, b, a, b].map(({ der }) => Buffer.from(der)));
    expect(split.places.map(formatPlace)).toEqual([
      "both.pem, certificate 1 (line 2)",
      `both.pem, certificate 2 (line ${a.pem.split("\n").length + 1})`,
      "again.pem, certificate 1 (line 1)",
      "key.pem, certificate 1 (line 1)",
    ]);
  });

  test("what is no certificate is said with its place, and never with its content", () => {
    expect(split.problems.map(({ place, problem: { code } }) => [formatPlace(place), code])).toEqual([
      [`key.pem, line ${b.pem.split("\n").length}`, "pem-unexpected-block"],
      ["page.html, line 1", "pem-looks-like-html"],
    ]);
    expect(JSON.stringify(split.problems)).not.toContain(a.privateKeyPem.split("\n")[1]);
  });

  test.each([
    ["a letter that is none of base64", b.pem.replace("M", "*")],
    ["no end", b.pem.replace("-----END CERTIFICATE-----", "")],
    ["no beginning", b.pem.replace("-----BEGIN CERTIFICATE-----", "")],
  ])("the third certificate stays the third when the second has %s", (_name, damaged) => {
    const { places, problems } = splitFiles([{ name: "three.pem", text: a.pem + damaged + b.pem }]);
    expect(places.map(({ position }) => position)).toEqual([1, 3]);
    expect(problems.map(({ place }) => place.position)).toEqual([2]);
  });

  test.each([
    ["/certificates/1", `both.pem, certificate 2 (line ${a.pem.split("\n").length + 1})`],
    ["/certificates/2/certificatePem", "again.pem, certificate 1 (line 1)"],
    ["/certificates/9", undefined],
    ["/certificates", undefined],
    ["/description", undefined],
  ])("a pointer of the server's is a place: %s", (pointer, place) => {
    expect(placeOfPointer(split.places, pointer)).toBe(place);
  });
});
