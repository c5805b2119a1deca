/** The engine is not there to be asked: that says nothing about what it was to take. */
export class EngineAway extends Error {
  override readonly name = "EngineAway";
}
