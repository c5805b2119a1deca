import * as fc from "fast-check";
import { allCommands, comeToRest, newModelRun } from "./model-commands.ts";

/** Random commands against the reference model; what fails is shrunk to the fewest that still do. */
export async function runModel(numRuns: number, maxCommands: number, seed?: number): Promise<void> {
  const commands = fc.commands(allCommands, { maxCommands, size: "max" });
  const property = fc.asyncProperty(commands, async (sequence) => {
    const { model, real } = await newModelRun();
    try {
      await fc.asyncModelRun(() => ({ model, real }), sequence);
      await comeToRest(model, real);
    } finally {
      await real.world.close();
    }
  });
  await fc.assert(property, { numRuns, ...(seed !== undefined && { seed }) });
}
