const REQUIRED_MAJOR = 26;

/** Refuses to run the suites on a Node that users will not have: npm installs the right one, see docs/decisions. */
export function setup(): void {
  if (Number(process.versions.node.split(".")[0]) < REQUIRED_MAJOR) {
    throw new Error(
      `The tests need Node ${REQUIRED_MAJOR} or newer, this is ${process.version}. Run them with "npm test".`,
    );
  }
}
